import type { Component } from './components.js';
import type { StateStore } from './state-store.js';
import { VectorTable } from './vector-table.js';

/** A `writtenWord` that says nothing. */
const ANY_WORD = -2;

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

  /** Components of memory words come first; their number, and the component of each of their words. */
  readonly #memoryComponents: number;
  readonly #componentOfWord: Int32Array;

  /** The components cover the vector, those of its first `memorySize` words first. `initial` is the vector before the first step. */
  constructor(components: readonly Component[], initial: Int32Array, memorySize: number) {
    this.base = Int32Array.from(initial);
    this.#starts = Int32Array.from(components, (component) => component.start);
    this.#ends = Int32Array.from(components, (component) => component.end);
    this.#tables = components.map((component) => new VectorTable(component.start, component.end));
    this.#memoryComponents = components.filter((component) => component.end <= memorySize).length;
    this.#componentOfWord = new Int32Array(memorySize);
    for (let index = 0; index < this.#memoryComponents; index++)
      this.#componentOfWord.fill(index, this.#starts[index], this.#ends[index]);
    this.#keys = new VectorTable(0, components.length);
    this.#key = new Int32Array(components.length);
    this.#baseKey = Int32Array.from(this.#tables, (table) => table.intern(initial));
  }

  get count(): number {
    return this.#keys.count;
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.bytes, this.#keys.bytes);
  }

  add(vector: Int32Array, writtenWord: number): number {
    const first = writtenWord === ANY_WORD ? 0 : this.#memoryComponents;
    this.#key.set(this.#baseKey);
    if (writtenWord >= 0) this.#update(this.#componentOfWord[writtenWord] as number, vector);
    for (let index = first; index < this.#tables.length; index++) this.#update(index, vector);
    return this.#keys.intern(this.#key);
  }

  revert(vector: Int32Array): void {
    for (let index = 0; index < this.#tables.length; index++) {
      if (this.#key[index] === this.#baseKey[index]) continue;
      const end = this.#ends[index] as number;
      for (let word = this.#starts[index] as number; word < end; word++) vector[word] = this.base[word] as number;
    }
  }

  #update(index: number, vector: Int32Array): void {
    if (!this.#isUnchanged(index, vector)) this.#key[index] = (this.#tables[index] as VectorTable).intern(vector);
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
}
