export type {
  ComparisonProgress,
  ComparisonRequest,
  OnProgress,
  RequestedStrategy,
  RunComparison,
} from './comparison-request.js';
export type { ShootdownConfig } from '@shootdown/host';
export type { OutputStream, Surroundings } from './context.js';
export { exitCodeOf } from './exit-code.js';
export {
  type CatalogueDetail,
  type CatalogueEntry,
  type DetailTable,
  type Kind,
  KINDS,
  type Laboratory,
  type ValidFile,
} from './laboratory.js';
export type { CheckDocument, CheckRow, CounterexampleRecord } from './check/check-document.js';
export type { CaseRecord, ConformDocument } from './conform/conform-document.js';
export type { AssumptionRecord, ExplainDocument } from './explain/explain-document.js';
export type { ExplainRequest, ExplainRun, RunExplain } from './explain/explain-request.js';
export type { Finding } from './explain/finding.js';
export type { ReplayDocument } from './replay/replay-document.js';
export type { CheckProgress, CheckRequest, CheckRun, RunCheck } from './check/check-request.js';
export { type Checks, makeChecks } from './check/checks.js';
export { makeLaboratory } from './make-laboratory.js';
export { builtInStrategies } from './built-in-strategies.js';
export { runCli } from './run-cli.js';
export { makeRunComparison, runComparison } from './run-comparison.js';
