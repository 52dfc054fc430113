/** Every state met so far, stored exactly. States are numbered in the order in which they were added. */
export interface StateStore {
  readonly count: number;
  /** Bytes of all tables. */
  readonly bytes: number;
  /** The state restored last; states that differ little from it are added fastest. */
  readonly base: Int32Array;
  /**
   * The number of this state; it was new when that number is the count before the call. `writtenWord` is the memory word
   * in which it may differ from `base`: -1 for none, -2 for any.
   */
  add(vector: Int32Array, writtenWord: number): number;
  /** Makes the vector, which was added last, equal to `base` again. */
  revert(vector: Int32Array): void;
  /** Writes a stored state into `base`. */
  restore(id: number): void;
}
