/** Every state met so far, stored exactly. States are numbered in the order in which they were added. */
export interface StateStore {
  readonly count: number;
  /** Bytes of all tables. */
  readonly bytes: number;
  /** The state restored last; states that differ little from it are added fastest. */
  readonly base: Int32Array;
  /** The number of this state; it was new when that number is the count before the call. */
  add(vector: Int32Array): number;
  /** Writes a stored state into `base`. */
  restore(id: number): void;
}
