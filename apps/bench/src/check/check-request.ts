import type { Memory, Reduction, SearchProgress, TargetState, Walker } from '@shootdown/checker';
import type { Assumptions } from '@shootdown/scenarios';
import type { RequestedStrategy } from '../comparison-request.js';
import type { Guests } from '../guests/guests.js';
import type { CheckDocument } from './check-document.js';

/** What `check` was asked to do: every combination of the lists is a cell. */
export interface CheckRequest {
  readonly strategies: readonly RequestedStrategy[];
  readonly scenarios: readonly string[];
  readonly cpus: readonly number[];
  readonly targets: readonly TargetState[];
  readonly initiators: readonly (1 | 2)[];
  readonly nmis: readonly number[];
  /** What is assumed otherwise than by default. */
  readonly assume: Partial<Assumptions>;
  readonly memory: Memory;
  readonly walker: Walker;
  readonly reductions: readonly Reduction[];
  /** States of one exploration after which it is given up. */
  readonly maxStates: number;
  /** Wall seconds of one cell after which it is given up. */
  readonly maxSeconds: number | undefined;
  /** Megabytes of the state tables of one exploration after which it is given up. */
  readonly maxMegabytes: number;
  readonly wantsHostFacts: boolean;
  readonly commandLine: string;
  /** What the user brought along. */
  readonly guests?: Guests;
}

/** How far a check has come. */
export interface CheckProgress extends SearchProgress {
  readonly cellsDone: number;
  readonly cellsTotal: number;
  /** The cell that is being explored, for people. */
  readonly current: string;
}

/** A check under way. It returns to the event loop several times a second, so that an interrupt is seen. */
export interface CheckRun {
  readonly finished: Promise<CheckDocument>;
  /** Finished cells, and the present one as far as it has come. */
  readonly soFar: () => CheckDocument;
}

/** @throws ShootdownError with the code that names what is wrong with the request */
export type RunCheck = (request: CheckRequest, onProgress: (progress: CheckProgress) => void) => CheckRun;
