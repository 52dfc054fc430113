import type { Machine } from '@shootdown/core';

/** One move of a schedule in time. */
export interface TimedMove {
  readonly startPs: number;
  /** When it takes effect. */
  readonly endPs: number;
  /** Straight-line kernel code that its CPU has executed since its last op; a schedule that was found without costs has no move for it. */
  readonly softwarePs: number;
  /** How much later it comes than costs explain: what the run needs of luck. */
  readonly heldPs: number;
  /** The move that it was held back for, by its place in the schedule; -1 when it was not, or its own CPU had to dawdle. */
  readonly behind: number;
  /** What held it back: see `HOLDERS`. */
  readonly holder: Holder;
  /** Nothing says when it comes: speculation, an eviction, an NMI, a probe, a tick, the host of a virtual CPU. It comes as soon as it may. */
  readonly isByChance: boolean;
  /** The cost model has no duration for it: it takes no time. */
  readonly isUnpriced: boolean;
}

/**
 * What has to be late for a move to be late: code in user mode, which does as it likes; code of the kernel; the taking of an interrupt
 * that has arrived; an IPI on its way; the store buffer; the page walker; an INVLPGB on its way.
 */
export const HOLDERS = ['user', 'kernel', 'interrupt', 'ipi', 'storeBuffer', 'walker', 'broadcast'] as const;
export type Holder = (typeof HOLDERS)[number];

/** Something that hardware would have done by itself before the end of the schedule, which does without it. */
export interface UnmadeMove {
  readonly cpu: number;
  readonly holder: Holder;
  /** For how long it had been due. */
  readonly heldPs: number;
}

/** A schedule in time. */
export interface ScheduleTiming {
  /** When the last move takes effect. */
  readonly totalPs: number;
  /** Per CPU: when it begins. That is nobody's luck, so it is chosen for the run to need little; the first one begins at 0. */
  readonly beginPs: readonly number[];
  /** Of `totalPs` nothing is straight-line kernel code: the machine has no such costs. */
  readonly hasSoftware: boolean;
  /** In the order of the schedule. */
  readonly moves: readonly TimedMove[];
  readonly unmade: readonly UnmadeMove[];
  /** The machine after the last move. */
  readonly machine: Machine;
}
