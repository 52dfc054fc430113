import type { StateStore } from './state-store.js';
import { VectorTable } from './vector-table.js';

/** Stores whole vectors. */
export class PlainStore implements StateStore {
  readonly #table: VectorTable;

  constructor(size: number) {
    this.#table = new VectorTable(Int32Array.from({ length: size }, (_, word) => word));
  }

  get count(): number {
    return this.#table.count;
  }
  get bytes(): number {
    return this.#table.bytes;
  }
  add(vector: Int32Array): number {
    return this.#table.intern(vector);
  }
  restore(id: number, vector: Int32Array): void {
    this.#table.restore(id, vector);
  }
}
