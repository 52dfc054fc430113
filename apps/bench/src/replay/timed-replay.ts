import { ShootdownError } from '@shootdown/core';
import {
  type Holder,
  type ScheduleRequest,
  type ScheduleTiming,
  type TimedMove,
  timeSchedule,
} from '@shootdown/simulator';

/** One move of the trace in time. */
export interface MoveRecord {
  readonly startNs: number;
  readonly endNs: number;
  readonly softwareNs: number;
  readonly heldNs: number;
  readonly holder: Holder;
  /** The move that it was held back for, by its place in the trace, from 0. */
  readonly behind: number | null;
  readonly byChance: boolean;
  readonly unpriced: boolean;
}

/** A `ScheduleTiming` as data, in nanoseconds. */
export interface TimingRecord {
  readonly totalNs: number;
  /** Per CPU: when it begins, chosen so that little has to be late. */
  readonly beginNs: readonly number[];
  readonly hasSoftware: boolean;
  readonly moves: readonly MoveRecord[];
  readonly unmade: readonly { readonly cpu: number; readonly holder: Holder; readonly heldNs: number }[];
}

/** A run in time on a machine profile, or why it has none. */
export interface TimedReplay {
  readonly machine: string;
  readonly timing: TimingRecord | null;
  readonly untimed: string | null;
}

/** @throws ShootdownError of `timeSchedule`, but for NOT_TIMEABLE, which is told in place of times */
export function timedReplay(request: ScheduleRequest): TimedReplay {
  const machine = request.profile.name;
  try {
    return { machine, timing: timingRecord(timeSchedule(request)), untimed: null };
  } catch (error) {
    if (!(error instanceof ShootdownError) || error.code !== 'NOT_TIMEABLE') throw error;
    return { machine, timing: null, untimed: error.message };
  }
}

function timingRecord({ totalPs, beginPs, hasSoftware, moves, unmade }: ScheduleTiming): TimingRecord {
  return {
    totalNs: totalPs / 1000,
    beginNs: beginPs.map((ps) => ps / 1000),
    hasSoftware,
    moves: moves.map(moveRecord),
    unmade: unmade.map(({ cpu, holder, heldPs }) => ({ cpu, holder, heldNs: heldPs / 1000 })),
  };
}

function moveRecord({
  startPs,
  endPs,
  softwarePs,
  heldPs,
  holder,
  behind,
  isByChance,
  isUnpriced,
}: TimedMove): MoveRecord {
  return {
    startNs: startPs / 1000,
    endNs: endPs / 1000,
    softwareNs: softwarePs / 1000,
    heldNs: heldPs / 1000,
    holder,
    behind: behind < 0 ? null : behind,
    byChance: isByChance,
    unpriced: isUnpriced,
  };
}
