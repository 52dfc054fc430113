import type { StateStore } from './state-store.js';
import { VectorTable } from './vector-table.js';

/** Stores whole vectors, whatever a move says that it changed. Slower and larger than the collapsed store, and the reference for it. */
export class PlainStore implements StateStore {
  readonly base: Int32Array;
  readonly #table: VectorTable;

  constructor(initial: Int32Array) {
    this.base = Int32Array.from(initial);
    this.#table = new VectorTable(0, initial.length);
  }

  get count(): number {
    return this.#table.count;
  }
  get bytes(): StateStore['bytes'] {
    return { keys: this.#table.bytes, components: 0 };
  }
  add(vector: Int32Array): number {
    return this.#table.intern(vector);
  }
  revert(vector: Int32Array): void {
    vector.set(this.base);
  }
  restore(id: number): void {
    this.#table.restore(id, this.base);
  }
}
