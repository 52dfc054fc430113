export type { ConformanceCase, Tier } from './conformance-case.js';
export { conformanceCases, type ConformanceOptions } from './conformance-cases.js';
export type { ExplorationSigns } from './exploration-signs.js';
export { type CaseOutcome, runCase } from './run-conformance.js';
export { checkHiddenState } from './timed/hidden-state.js';
export { simulateCell, type TimedCell } from './timed/timed-cell.js';
export { withoutHost } from './without-host.js';
