import type { CollapsedStore } from '../search/collapsed-store.js';
import { PairTable } from '../search/pair-table.js';
import { EMPTY, SequenceTable } from '../search/sequence-table.js';
import { grown } from '../search/vector-table.js';

/** Nothing is written. */
export const NO_EFFECT = 0;

interface Effect {
  readonly words: readonly number[];
  readonly values: readonly number[];
}

/** Values that moves write into words of one group of the state, and the number of the group after them. */
export class Effects {
  readonly #store: CollapsedStore;
  readonly #group: number;
  /** By number; `NO_EFFECT` has no words. */
  readonly #effects: Effect[] = [{ words: [], values: [] }];
  readonly #table = new SequenceTable();
  /** By the number of a sequence of words and their values in the table: the number of the effect. */
  #numbers = new Int32Array(256);
  /** By the number of the group and an effect: the group's number afterwards + 1. */
  readonly #after = new PairTable();

  constructor(store: CollapsedStore, group: number) {
    this.#store = store;
    this.#group = group;
  }

  get bytes(): number {
    return this.#after.bytes + this.#table.bytes + this.#numbers.byteLength;
  }

  /** The number of an effect: these words, one at least, get these values. */
  of(words: readonly number[], values: readonly number[]): number {
    let place = EMPTY;
    for (let i = 0; i < words.length; i++)
      place = this.#table.longer(this.#table.longer(place, words[i] as number), values[i] as number);
    while (place >= this.#numbers.length) this.#numbers = grown(this.#numbers);
    if (this.#numbers[place] === NO_EFFECT) this.#numbers[place] = this.#effects.push({ words, values }) - 1;
    return this.#numbers[place] as number;
  }

  /** The number of the group after the effect, in the state with this key. */
  after(key: Int32Array, effect: number): number {
    const number = key[this.#group] as number;
    const known = this.#after.get(number, effect);
    if (known !== 0) return known - 1;
    const { words, values } = this.#effects[effect] as Effect;
    const after = this.#store.numberAfter(this.#group, key, words, values);
    this.#after.set(number, effect, after + 1);
    return after;
  }
}
