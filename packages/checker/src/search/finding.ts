import type { Violation } from '@shootdown/core';

/** A violation as the search records it: how often, and the way that first led to it. */
export interface Finding {
  readonly violation: Violation;
  count: number;
  /** The state before the violating move, and that move; -1: the state itself violates. */
  readonly from: number;
  readonly move: number;
  /** States beyond `from` that the way goes on through. */
  readonly beyond: readonly number[];
}

/** What tells findings apart. */
export function keyOf({ contract, form }: Violation): string {
  return `${contract} ${form}`;
}
