import type { Memory, TargetState, Walker } from '@shootdown/checker';
import type { CheckProgress } from '../check/check-request.js';
import type { RequestedStrategy } from '../comparison-request.js';
import type { Guests } from '../guests/guests.js';
import type { ExplainDocument } from './explain-document.js';

/** What `explain` was asked to do. */
export interface ExplainRequest {
  readonly strategy: RequestedStrategy;
  readonly scenarios: readonly string[];
  readonly targets: readonly TargetState[];
  readonly cpus: number;
  readonly initiators: 1 | 2;
  readonly memory: Memory;
  readonly walker: Walker;
  /** States of one exploration after which it is given up. */
  readonly maxStates: number;
  /** Wall seconds of one cell after which it is given up. */
  readonly maxSeconds: number | undefined;
  /** Megabytes of the state tables of one exploration after which it is given up. */
  readonly maxMegabytes: number;
  readonly commandLine: string;
  /** What the user brought along. */
  readonly guests?: Guests;
}

/** An explanation under way. It returns to the event loop several times a second, so that an interrupt is seen. */
export interface ExplainRun {
  readonly finished: Promise<ExplainDocument>;
  /** The assumptions that have been judged; undefined when there is nothing to tell yet. */
  readonly soFar: () => ExplainDocument | undefined;
}

/** @throws ShootdownError with the code that names what is wrong with the request or with the strategy */
export type RunExplain = (request: ExplainRequest, onProgress: (progress: CheckProgress) => void) => ExplainRun;
