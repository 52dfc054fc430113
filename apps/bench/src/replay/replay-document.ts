import type { Counterexample, FoundViolation, Memory, TraceStep } from '@shootdown/checker';
import type { TimedReplay } from './timed-replay.js';

/** Result of `replay`: a run that violates the contract, move by move, and in time. */
export interface ReplayDocument extends TimedReplay {
  readonly schemaVersion: 1;
  readonly kind: 'replay';
  readonly version: string;
  /** Of the entry of the zoo that was found again; null for a saved counterexample. */
  readonly id: string | null;
  readonly title: string | null;
  /** As it was saved; null for an entry of the zoo. */
  readonly counterexample: Counterexample | null;
  readonly cpus: number;
  readonly memory: Memory;
  readonly violation: Pick<FoundViolation, 'contract' | 'form' | 'cpu' | 'text'>;
  readonly trace: readonly TraceStep[];
}
