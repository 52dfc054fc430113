import type { MachineProfile } from '@shootdown/core';
import type { LoadedConfig, LoadedStrategy } from '@shootdown/host';
import type { Manifest } from '@shootdown/plugin';
import type { JsonValue } from '@shootdown/reporter';
import type { CaseOutcome } from '@shootdown/testkit';
import type { CellReport } from '../check/cell-run.js';
import type { CheckProgress, CheckRequest } from '../check/check-request.js';
import type { PlannedCell } from '../check/plan-cells.js';
import type { CellPlan } from '../comparison/cell.js';
import type { CaseData, ConformRequest } from '../conform/conform-request.js';
import type { ExplainDocument } from '../explain/explain-document.js';
import type { ExplainRequest } from '../explain/explain-request.js';

/** Where a thread finds its strategy. An object of a configuration cannot cross a border of threads, so its thread loads the configuration itself. */
export type GuestSource =
  | { readonly kind: 'module'; readonly specifier: string; readonly directory: string }
  | { readonly kind: 'config'; readonly file: string; readonly directory: string }
  | { readonly kind: 'configured'; readonly file: string; readonly directory: string; readonly index: number };

/** Work for the thread of a guest. Everything in it is data. */
export type GuestJob =
  | { readonly kind: 'config' }
  | { readonly kind: 'describe' }
  | { readonly kind: 'cell'; readonly plan: Omit<CellPlan, 'plugin'> }
  | { readonly kind: 'check'; readonly cell: Omit<PlannedCell, 'strategy'>; readonly request: CheckRequest }
  | { readonly kind: 'explain'; readonly request: ExplainRequest }
  | { readonly kind: 'conform'; readonly request: ConformRequest }
  | { readonly kind: 'replay'; readonly content: JsonValue; readonly place: string; readonly profile: MachineProfile };

/** A configuration as data: of an imported strategy only its place is known. */
export interface ConfigData extends Pick<LoadedConfig, 'machines' | 'scenarios' | 'defaults'> {
  readonly strategies: readonly (string | null)[];
}

/** What is known of a strategy without running it. */
export interface Described extends Pick<LoadedStrategy, 'package'> {
  readonly manifest: Manifest<object>;
  /** Of the module, or of the configuration and the place in it: the same strategy has the same. */
  readonly origin: string;
}

/** News of a check, of an explanation, of a conformance case. */
export type GuestEvent =
  | { readonly kind: 'progress'; readonly progress: Parameters<CellReport>[0] }
  | { readonly kind: 'case'; readonly begun: CaseData }
  | { readonly kind: 'outcome'; readonly outcome: CaseOutcome }
  | { readonly kind: 'explaining'; readonly progress: CheckProgress; readonly soFar: ExplainDocument | undefined };
