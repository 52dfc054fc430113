import type { WriteLog } from '@shootdown/core';

/** Every CPU. */
export const ALL_CPUS = -1;

/** Every state met so far, stored exactly. States are numbered in the order in which they were added. */
export interface StateStore {
  readonly count: number;
  /** Bytes of the states as they are stored, and of the components that they refer to. */
  readonly bytes: { readonly keys: number; readonly components: number };
  /** The state restored last; states that differ little from it are added fastest. */
  readonly base: Int32Array;
  /**
   * The number of this state; it was new when that number is the count before the call. The vector may differ from `base` in the
   * memory words that the log names, in what belongs to the CPUs of the bit set `cpus`, and in what belongs to none.
   */
  add(vector: Int32Array, writes: WriteLog, cpus: number): number;
  /** Makes the vector, which was added last, equal to `base` again. */
  revert(vector: Int32Array): void;
  /** Writes a stored state into `base`. */
  restore(id: number): void;
}
