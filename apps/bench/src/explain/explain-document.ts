import type { Memory, TargetState, Verdict } from '@shootdown/checker';
import type { JsonObject } from '@shootdown/reporter';
import type { CounterexampleRecord } from '../check/check-document.js';
import type { Finding } from './finding.js';

/** One cell with every assumption at its default. */
export interface BaseRecord {
  readonly scenario: string;
  readonly targets: TargetState;
  readonly nmis: number;
  readonly verdict: Verdict;
  readonly contract: string | null;
  /** The memory model under which it was decided. */
  readonly memory: Memory;
  readonly states: number;
  readonly transitions: number;
}

/** The same cell with one assumption flipped. */
export interface FlippedRecord extends BaseRecord {
  /** The verdict with the assumption at its default. */
  readonly baseVerdict: Verdict;
}

/** What became of one assumption. */
export interface AssumptionRecord {
  readonly assumption: string;
  /** `strategy`: named in the manifest. */
  readonly owner: 'environment' | 'strategy';
  readonly from: string;
  readonly to: string;
  /** What is assumed, and what is the case instead, as sentences. */
  readonly assumed: string;
  readonly instead: string;
  readonly finding: Finding;
  /** Why it was not exercised, where no cell can. */
  readonly reason: string | null;
  readonly cells: readonly FlippedRecord[];
  /** The shortest of those found in the cells. */
  readonly counterexample: CounterexampleRecord | null;
}

/** Result of `explain`. */
export interface ExplainDocument {
  readonly schemaVersion: 1;
  readonly kind: 'explain';
  readonly tool: { readonly name: string; readonly version: string };
  readonly commandLine: string;
  readonly strategy: string;
  /** Options of the strategy, defaults included. */
  readonly options: JsonObject;
  readonly cpus: number;
  readonly initiators: number;
  readonly memory: Memory;
  readonly walker: string;
  readonly maxStates: number;
  readonly maxSeconds: number | null;
  readonly maxMegabytes: number;
  /** Reductions of the search; they leave verdicts as they are. */
  readonly reductions: readonly string[];
  readonly base: readonly BaseRecord[];
  /** Assumptions to judge; fewer records mean that the run was interrupted. */
  readonly planned: number;
  readonly assumptions: readonly AssumptionRecord[];
  /** What it says and what it does not say. */
  readonly claim: string;
}
