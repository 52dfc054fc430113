import { scheduleOf, type FoundViolation, type TraceStep } from '../exploration.js';
import type { Schedule } from '@shootdown/core';
import type { CellDescription, Memory } from '../cells/cell.js';

/** CPU, move as `Schedule` of core numbers them, choice, and the value that the program received. */
export type SavedMove = readonly [cpu: number, move: number, choice: number, value: number];

/** A counterexample as it is saved: choices, never numbers that only one run of the checker knows. */
export interface Counterexample {
  readonly schemaVersion: 1;
  readonly kind: 'counterexample';
  /** Version of the tool that found it. */
  readonly version: string;
  /** SHA-256 of `modelText` of the machine it was found on. */
  readonly model: string;
  readonly strategy: string;
  /** Options of the strategy, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly cell: CellDescription;
  readonly memory: Memory;
  /** The same cell is clean under sequential consistency. */
  readonly onlyUnderTso: boolean;
  readonly violation: {
    readonly contract: string;
    readonly form: string;
    readonly cpu: number;
    readonly text: string;
  };
  readonly moves: readonly SavedMove[];
}

export function savedMoves({ trace }: FoundViolation): readonly SavedMove[] {
  return trace.map(({ cpu, move, choice, value }) => [cpu, move, choice, value] as const);
}

/** The saved moves as a schedule for core's `replay`. */
export function savedSchedule({ moves }: Pick<Counterexample, 'moves'>): Schedule {
  return scheduleOf(
    moves.map(([cpu, move, choice, value]): TraceStep => ({ cpu, move, choice, value, programs: [], text: '' })),
  );
}
