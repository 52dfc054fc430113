import type { JsonObject, ResultDocument } from '@shootdown/reporter';
import type { Guests } from './guests/guests.js';

/** A strategy as asked for: its options are not validated yet and have no defaults filled in. */
export interface RequestedStrategy {
  readonly name: string;
  readonly options: JsonObject;
}

/** What `compare` was asked to do. Names are known to exist; everything else is for the runner to judge. */
export interface ComparisonRequest {
  readonly machine: string;
  readonly scenario: string;
  /** In the order of the rows; the first is the reference. No two are equal. */
  readonly strategies: readonly RequestedStrategy[];
  readonly threads: readonly number[];
  /** Pages per operation; undefined leaves it to the scenario. */
  readonly pages: readonly number[] | undefined;
  /** Operations per cell; undefined leaves it to the scenario. */
  readonly iterations: number | undefined;
  readonly seed: number;
  /** The command that repeats this request, for the manifest. It holds no path but those that it was given. */
  readonly commandLine: string;
  /** What the user brought along. */
  readonly guests?: Guests;
}

/** How far a comparison has come. */
export interface ComparisonProgress {
  readonly cellsDone: number;
  readonly cellsTotal: number;
  /** The cell that is being simulated, for people. */
  readonly current: string;
}

export type OnProgress = (progress: ComparisonProgress) => void;

/**
 * Simulates every cell of a request. A cell that a strategy makes fail becomes a failed row; what makes the whole request
 * senseless is thrown. It returns to the event loop after each cell, so that an interrupt is seen.
 * @throws ShootdownError with the code that names what is wrong with the request
 */
export type RunComparison = (request: ComparisonRequest, onProgress: OnProgress) => Promise<ResultDocument>;
