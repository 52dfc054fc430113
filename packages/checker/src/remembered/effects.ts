import type { CollapsedStore } from '../search/collapsed-store.js';
import { grown, VectorTable } from '../search/vector-table.js';

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
  readonly #effects: Effect[] = [{ words: [], values: [] }];
  readonly #numbers = new Map<string, number>([['', NO_EFFECT]]);
  /** Pairs of the number of the group and an effect, and by the number of such a pair the group's number afterwards. */
  readonly #pairs = new VectorTable(0, 2);
  readonly #pair = new Int32Array(2);
  #after = new Int32Array(1024);

  constructor(store: CollapsedStore, group: number) {
    this.#store = store;
    this.#group = group;
  }

  get bytes(): number {
    return this.#pairs.bytes + this.#after.byteLength;
  }

  /** The number of an effect: these words get these values. */
  of(words: readonly number[], values: readonly number[]): number {
    const key = words.map((word, index) => `${word} ${values[index]}`).join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#effects.push({ words, values }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** The number of the group after the effect, in the state with this key. */
  after(key: Int32Array, effect: number): number {
    this.#pair[0] = key[this.#group] as number;
    this.#pair[1] = effect;
    const { count } = this.#pairs;
    const id = this.#pairs.intern(this.#pair);
    if (id < count) return this.#after[id] as number;
    if (id >= this.#after.length) this.#after = grown(this.#after);
    const { words, values } = this.#effects[effect] as Effect;
    const after = this.#store.numberAfter(this.#group, key, words, values);
    this.#after[id] = after;
    return after;
  }
}
