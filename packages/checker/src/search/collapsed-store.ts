import { ShootdownError } from '@shootdown/core';
import type { Component } from './components.js';
import type { StateStore } from './state-store.js';
import { VectorTable } from './vector-table.js';

/**
 * Stores a state as the numbers of its interned components (the COLLAPSE idea of Spin: G. J. Holzmann, "State
 * compression in SPIN", 1997). Exact: components and keys are compared integer by integer. A component that a move
 * has left alone keeps its number without being looked up.
 */
export class CollapsedStore implements StateStore {
  readonly base: Int32Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #tables: readonly VectorTable[];
  readonly #keys: VectorTable;
  readonly #baseKey: Int32Array;
  readonly #key: Int32Array;

  /** `initial` is the vector before the first step: words outside all components keep these values. */
  constructor(components: readonly Component[], initial: Int32Array) {
    this.base = Int32Array.from(initial);
    this.#starts = Int32Array.from(components, (component) => component.start);
    this.#ends = Int32Array.from(components, (component) => component.end);
    this.#tables = components.map((component) => new VectorTable(component.words));
    this.#keys = new VectorTable(Int32Array.from(components, (_, index) => index));
    this.#key = new Int32Array(components.length);
    this.#baseKey = Int32Array.from(this.#tables, (table) => table.intern(initial));
  }

  get count(): number {
    return this.#keys.count;
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.bytes, this.#keys.bytes);
  }

  add(vector: Int32Array): number {
    for (let index = 0; index < this.#tables.length; index++) {
      const known = this.#baseKey[index] as number;
      this.#key[index] = this.#isUnchanged(index, vector) ? known : this.#internChanged(index, vector, known);
    }
    return this.#keys.intern(this.#key);
  }

  restore(id: number): void {
    this.#keys.restore(id, this.#key);
    for (let index = 0; index < this.#tables.length; index++) {
      const component = this.#key[index] as number;
      if (this.#baseKey[index] === component) continue;
      this.#tables[index]?.restore(component, this.base);
      this.#baseKey[index] = component;
    }
  }

  #isUnchanged(index: number, vector: Int32Array): boolean {
    const end = this.#ends[index] as number;
    const base = this.base;
    for (let word = this.#starts[index] as number; word < end; word++) if (vector[word] !== base[word]) return false;
    return true;
  }

  #internChanged(index: number, vector: Int32Array, known: number): number {
    const id = (this.#tables[index] as VectorTable).intern(vector);
    if (id !== known) return id;
    throw new ShootdownError(
      'INVALID_OPERAND',
      'A program wrote a word that no record owns. Use only words that Boot or the environment gave out.',
    );
  }
}
