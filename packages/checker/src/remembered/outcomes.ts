import type { Machine } from '@shootdown/core';
import type { CollapsedStore } from '../search/collapsed-store.js';
import { Effects, NO_EFFECT } from './effects.js';
import { grown } from '../search/vector-table.js';

/** Columns of an outcome: the number of the CPU's part afterwards, if the whole part was looked at, then what is written into the groups of the state. */
const FIRST_GROUP = 1;
const NO_PART = -1;
/** The outcome of what leads to where it began. */
export const NOTHING = 0;

/** What moves lead to: the part of their CPU afterwards, and what they write elsewhere. */
export class Outcomes {
  readonly #machine: Machine;
  readonly #store: CollapsedStore;
  /** By group of the state: memory, the part of each CPU, the globals. */
  readonly #effects: readonly Effects[];
  readonly #columns: number;
  #outcomes: Int32Array<ArrayBuffer>;
  #count = 1;
  readonly #next: Int32Array;

  constructor(machine: Machine, store: CollapsedStore) {
    const groups = machine.layout.cpuCount + 2;
    this.#machine = machine;
    this.#store = store;
    this.#effects = Array.from({ length: groups }, (_, group) => new Effects(store, group));
    this.#columns = FIRST_GROUP + groups;
    this.#outcomes = new Int32Array(1024 * this.#columns);
    this.#next = new Int32Array(groups);
  }

  get bytes(): number {
    return this.#effects.reduce((sum, each) => sum + each.bytes, this.#outcomes.byteLength);
  }

  /** No outcome but `NOTHING` has a number any more. */
  forget(): void {
    this.#count = 1;
  }

  /**
   * The number of what a move has led to, which was made in the state in `base` and has just been added, having written into the parts of the
   * CPUs of the bit set `reach`. `cpu`: it has looked at the whole part of this CPU; -1: of none. The result is -1 when it has changed frames that
   * were not looked at.
   */
  add(cpu: number, reach: number): number {
    while ((this.#count + 1) * this.#columns > this.#outcomes.length) this.#outcomes = grown(this.#outcomes);
    const at = this.#count * this.#columns;
    const first = at + FIRST_GROUP;
    this.#outcomes.fill(NO_EFFECT, first, at + this.#columns);
    this.#outcomes[at] = cpu < 0 ? NO_PART : (this.#store.key[1 + cpu] as number);
    this.#outcomes[first] = this.#effect(0, this.#written());
    for (let other = 0; other < this.#machine.layout.cpuCount; other++) {
      if (other === cpu || ((reach >>> other) & 1) === 0) continue;
      const words = this.#changed(1 + other);
      if (words.some((word) => word >= this.#machine.layout.runner)) return -1;
      this.#outcomes[first + 1 + other] = this.#effect(1 + other, words);
    }
    const last = this.#effects.length - 1;
    this.#outcomes[first + last] = this.#effect(last, this.#changed(last));
    return this.#count++;
  }

  /** The number of the state that an outcome leads to from the present one, whose parts have these numbers. */
  stateAfter(outcome: number, cpu: number, key: Int32Array): number {
    const next = this.#next;
    const at = outcome * this.#columns;
    for (let group = 0; group < next.length; group++) {
      const effect = this.#outcomes[at + FIRST_GROUP + group] as number;
      next[group] =
        effect === NO_EFFECT ? (key[group] as number) : (this.#effects[group] as Effects).after(key, effect);
    }
    const part = this.#outcomes[at] as number;
    if (part !== NO_PART) next[1 + cpu] = part;
    return this.#store.intern(next);
  }

  /** Memory words, whether the values in them have changed or not. */
  #written(): readonly number[] {
    const { writes } = this.#machine;
    const words: number[] = [];
    for (let index = 0; index < writes.count; index++) {
      const word = writes.words[index] as number;
      if (!words.includes(word)) words.push(word);
    }
    return words;
  }

  /** A word that could have been written without being changed has been looked at (`Surroundings`): it has one value wherever this holds. */
  #changed(group: number): readonly number[] {
    return this.#store.changed(group, this.#machine.state);
  }

  #effect(group: number, words: readonly number[]): number {
    if (words.length === 0) return NO_EFFECT;
    const { state } = this.#machine;
    return (this.#effects[group] as Effects).of(
      words,
      words.map((word) => state[word] as number),
    );
  }
}
