import type { TimedResult } from '@shootdown/simulator';
import { timeCell, type TimedCell } from '../kit/timed.js';
import { VARIANTS } from '../kit/variants.js';

/** What the rivals save on one operation of the initiator. Negative is faster, as in the tables of the thread. */
export interface Gain {
  readonly beforeNs: number;
  /** Change over `before`. */
  readonly concurrent: Change;
  readonly early: Change;
  /** Change of async-inline over concurrent: what early acknowledgement adds. */
  readonly earlyOverConcurrent: Change;
  /** Nanoseconds by phase: `before`, concurrent, async-inline. */
  readonly phasesNs: readonly Readonly<Record<string, number>>[];
}

export interface Change {
  readonly ns: number;
  readonly percent: number;
}

const RIVALS = ['sync', 'concurrent', 'early'] as const;

const change = (ns: number, reference: number): Change => ({
  ns: ns - reference,
  percent: (100 * (ns - reference)) / reference,
});

/** Runs a cell with sync, concurrent and async-inline, all with the same seed. */
export function gainOf(cell: Omit<TimedCell, 'variant'>): Gain {
  const [before, concurrent, early] = RIVALS.map((name) =>
    timeCell({ warmUp: 4, operations: 12, ...cell, variant: VARIANTS[name] }),
  ) as [TimedResult, TimedResult, TimedResult];
  return {
    beforeNs: before.meanNs,
    concurrent: change(concurrent.meanNs, before.meanNs),
    early: change(early.meanNs, before.meanNs),
    earlyOverConcurrent: change(early.meanNs, concurrent.meanNs),
    phasesNs: [before, concurrent, early].map(({ phasesNs }) => phasesNs),
  };
}
