import type { CollapsedStore } from '../search/collapsed-store.js';
import { grown, VectorTable } from '../search/vector-table.js';

/** Numbers what some words of one group of the state hold: found out once per number of the group. */
export class SomeWords {
  readonly #store: CollapsedStore;
  readonly #group: number;
  readonly #words: readonly number[];
  readonly #contents: VectorTable;
  readonly #content: Int32Array;
  /** By the number of the group: the number of what the words hold + 1. */
  #known = new Int32Array(256);

  constructor(store: CollapsedStore, group: number, words: readonly number[]) {
    this.#store = store;
    this.#group = group;
    this.#words = words;
    this.#contents = new VectorTable(0, words.length);
    this.#content = new Int32Array(words.length);
  }

  /** The number of what they hold in the state with this key. */
  of(key: Int32Array): number {
    const number = key[this.#group] as number;
    while (number >= this.#known.length) this.#known = grown(this.#known);
    const known = this.#known[number] as number;
    return known === 0 ? this.#find(key, number) : known - 1;
  }

  #find(key: Int32Array, number: number): number {
    const { base } = this.#store;
    this.#store.restoreGroup(this.#group, key);
    for (let i = 0; i < this.#words.length; i++) this.#content[i] = base[this.#words[i] as number] as number;
    const found = this.#contents.intern(this.#content);
    this.#known[number] = found + 1;
    return found;
  }
}
