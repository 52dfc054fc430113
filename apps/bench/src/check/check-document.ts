import type { CellBounds, Counterexample, Memory, Verdict } from '@shootdown/checker';
import type { Assumptions } from '@shootdown/scenarios';
import { type CellError, type JsonObject, type StrategyVariant, variantKey } from '@shootdown/reporter';

/** A step of a counterexample, for a reader of the document. */
export interface StepRecord {
  readonly number: number;
  readonly cpu: number;
  readonly span: string;
  readonly inner: readonly string[];
  readonly moves: readonly string[];
}

/** A counterexample as `replay` reads it, with its steps. */
export interface CounterexampleRecord extends Counterexample {
  readonly steps: readonly StepRecord[];
}

/** What is known of one cell. */
export interface CheckRow {
  readonly strategy: string;
  /** Options of the strategy, defaults included. */
  readonly options: JsonObject;
  readonly scenario: string;
  readonly cpus: number;
  /** The memory model asked for. The decision may have come under `sc`, which is explored first. */
  readonly memory: Memory;
  readonly assumptions: Assumptions;
  /** What the strategy's manifest assumes besides and the environment keeps to: names and statements. */
  readonly ownAssumptions: Readonly<Record<string, string>>;
  /** The guarantee was judged from the release of the pages on, as the strategy's manifest says for an unmap. */
  readonly deferred: boolean;
  readonly verdict: Verdict;
  /** The first contract found violated. */
  readonly contract: string | null;
  /** Of the exploration that decided. */
  readonly states: number;
  readonly transitions: number;
  /** Wall seconds of the cell; only with host facts, so that the same inputs give the same bytes. */
  readonly seconds: number | null;
  readonly bounds: CheckBounds;
  readonly counterexample: CounterexampleRecord | null;
  /** Why the strategy could not be explored. */
  readonly error?: CellError;
}

/** Bounds of a cell with the limits of the search, and the limit that cut it. */
export interface CheckBounds extends CellBounds {
  readonly maxStates: number;
  readonly maxSeconds: number | null;
  /** Of the state tables. */
  readonly maxMegabytes: number;
  readonly cutBy: 'maxStates' | 'maxMegabytes' | 'maxSeconds' | 'interrupt' | null;
  /** Some state had a store buffer without room: deeper buffers might show more. */
  readonly metFullBuffer: boolean;
}

/** Result of `check`. */
export interface CheckDocument {
  readonly schemaVersion: 1;
  readonly kind: 'check';
  readonly tool: { readonly name: string; readonly version: string };
  readonly commandLine: string;
  /** Strategies as they were asked for, with their options resolved. */
  readonly strategies: readonly StrategyVariant[];
  /** Cells asked for; fewer rows mean that the run was interrupted. */
  readonly cells: number;
  readonly rows: readonly CheckRow[];
  /** What the rows say and what they do not say, one text per strategy. */
  readonly claims: readonly string[];
}

/** Key of the strategy with its resolved options that a row belongs to, as `variantKey` makes it. */
export function checkVariant({ strategy, options }: CheckRow): string {
  return variantKey(strategy, options);
}
