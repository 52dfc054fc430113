import type { CollapsedStore } from '../search/collapsed-store.js';
import { PairTable } from './pair-table.js';

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
  readonly #numbers = new Map<string, number>();
  /** By the number of the group and an effect: the group's number afterwards + 1. */
  readonly #after = new PairTable();

  constructor(store: CollapsedStore, group: number) {
    this.#store = store;
    this.#group = group;
  }

  get bytes(): number {
    return this.#after.bytes;
  }

  /** The number of an effect: these words, one at least, get these values. */
  of(words: readonly number[], values: readonly number[]): number {
    const key = `${words.join()} ${values.join()}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#effects.push({ words, values }) - 1;
    this.#numbers.set(key, number);
    return number;
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
