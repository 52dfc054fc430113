import type { WriteLog } from '@shootdown/core';
import type { ComponentGroup } from './components.js';
import type { StateStore } from './state-store.js';
import { VectorTable } from './vector-table.js';

/**
 * Stores a state as the numbers of its groups, a group as the numbers of its components, each interned (the COLLAPSE idea of Spin:
 * G. J. Holzmann, "State compression in SPIN", 1997). Exact: components and keys are compared integer by integer. What a move
 * cannot have changed keeps its number without being looked at.
 */
export class CollapsedStore implements StateStore {
  readonly base: Int32Array;
  /** Of each component. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #tables: readonly VectorTable[];
  /** Of each group: the CPU it belongs to, its first component (and the end behind the last group), its table. */
  readonly #cpus: readonly number[];
  readonly #firsts: readonly number[];
  readonly #groups: readonly VectorTable[];
  readonly #keys: VectorTable;
  /** Numbers of components and of groups, of `base` and of the vector added last. */
  readonly #baseParts: Int32Array;
  readonly #parts: Int32Array;
  readonly #baseKey: Int32Array;
  /** Of the vector added last: the numbers of memory, of the part of each CPU, and of what belongs to no CPU. */
  readonly key: Int32Array;
  /** The component of each memory word. */
  readonly #componentOfWord: Int32Array;
  /** The turn in which a component of memory was last looked at. */
  readonly #seen: Float64Array;
  #turn = 0;

  /** The groups cover the vector, the first one its memory. `initial` is the vector before the first step. */
  constructor(groups: readonly ComponentGroup[], initial: Int32Array) {
    const components = groups.flatMap((group) => group.components);
    this.base = Int32Array.from(initial);
    this.#starts = Int32Array.from(components, (component) => component.start);
    this.#ends = Int32Array.from(components, (component) => component.end);
    this.#tables = components.map((component) => new VectorTable(component.start, component.end));
    this.#cpus = groups.map((group) => group.cpu);
    this.#firsts = firstsOf(groups);
    this.#groups = groups.map((_, index) => new VectorTable(this.#first(index), this.#first(index + 1)));
    this.#keys = new VectorTable(0, groups.length);
    this.#parts = Int32Array.from(this.#tables, (table) => table.intern(initial));
    this.#baseParts = Int32Array.from(this.#parts);
    this.key = Int32Array.from(this.#groups, (table) => table.intern(this.#parts));
    this.#baseKey = Int32Array.from(this.key);
    this.#seen = new Float64Array(components.length);
    this.#componentOfWord = new Int32Array(this.#ends[this.#first(1) - 1] as number);
    for (let index = 0; index < this.#first(1); index++)
      this.#componentOfWord.fill(index, this.#starts[index], this.#ends[index]);
  }

  get count(): number {
    return this.#keys.count;
  }

  get bytes(): StateStore['bytes'] {
    const components = [...this.#tables, ...this.#groups].reduce((sum, table) => sum + table.bytes, 0);
    return { keys: this.#keys.bytes, components };
  }

  add(vector: Int32Array, writes: WriteLog, cpus: number): number {
    this.place(vector, writes, cpus);
    return this.#keys.intern(this.key);
  }

  /** Numbers the parts of the vector, as `add` does, but not the vector. */
  place(vector: Int32Array, writes: WriteLog, cpus: number): void {
    copy(this.#baseParts, this.#parts);
    copy(this.#baseKey, this.key);
    this.#addMemory(vector, writes);
    for (let group = 1; group < this.#groups.length; group++) {
      const cpu = this.#cpus[group] as number;
      if (cpu < 0 || ((cpus >>> cpu) & 1) !== 0) this.#addGroup(group, vector);
    }
  }

  /** The number of the state whose parts have these numbers. */
  intern(key: Int32Array): number {
    return this.#keys.intern(key);
  }

  /** Writes the numbers of the parts of a state. */
  read(id: number, key: Int32Array): void {
    this.#keys.restore(id, key);
  }

  /** Words of the group that the vector, which was added last, does not share with `base`. */
  changed(group: number, vector: Int32Array): readonly number[] {
    const words: number[] = [];
    if (this.key[group] === this.#baseKey[group]) return words;
    for (let index = this.#first(group); index < this.#first(group + 1); index++)
      for (let word = this.#starts[index] as number; word < (this.#ends[index] as number); word++)
        if (vector[word] !== this.base[word]) words.push(word);
    return words;
  }

  /** The number that a group would have if these words of it had these values, in the state with this key. */
  numberAfter(group: number, key: Int32Array, words: readonly number[], values: readonly number[]): number {
    const { base } = this;
    this.restoreGroup(group, key);
    copy(this.#baseParts, this.#parts);
    const kept = words.map((word) => base[word] as number);
    for (let i = 0; i < words.length; i++) base[words[i] as number] = values[i] as number;
    const end = this.#first(group + 1);
    for (let index = this.#first(group); index < end; index++) {
      const [start, stop] = [this.#starts[index] as number, this.#ends[index] as number];
      if (words.some((word) => word >= start && word < stop))
        this.#parts[index] = (this.#tables[index] as VectorTable).intern(base);
    }
    for (let i = words.length - 1; i >= 0; i--) base[words[i] as number] = kept[i] as number;
    return (this.#groups[group] as VectorTable).intern(this.#parts);
  }

  #addMemory(vector: Int32Array, writes: WriteLog): void {
    if (!writes.isComplete) {
      this.#addGroup(0, vector);
      return;
    }
    if (writes.count === 0) return;
    let isChanged = false;
    this.#turn++;
    for (let i = 0; i < writes.count; i++) {
      const index = this.#componentOfWord[writes.words[i] as number] as number;
      if (this.#seen[index] === this.#turn) continue;
      this.#seen[index] = this.#turn;
      isChanged = this.#update(index, vector) || isChanged;
    }
    if (isChanged) this.key[0] = (this.#groups[0] as VectorTable).intern(this.#parts);
  }

  #addGroup(group: number, vector: Int32Array): void {
    const end = this.#first(group + 1);
    let isChanged = false;
    for (let index = this.#first(group); index < end; index++) isChanged = this.#update(index, vector) || isChanged;
    if (isChanged) this.key[group] = (this.#groups[group] as VectorTable).intern(this.#parts);
  }

  /** The number of a component that may have changed; true when it has. */
  #update(index: number, vector: Int32Array): boolean {
    if (this.#isUnchanged(index, vector)) return false;
    this.#parts[index] = (this.#tables[index] as VectorTable).intern(vector);
    return true;
  }

  #isUnchanged(index: number, vector: Int32Array): boolean {
    const end = this.#ends[index] as number;
    const base = this.base;
    for (let word = this.#starts[index] as number; word < end; word++) if (vector[word] !== base[word]) return false;
    return true;
  }

  revert(vector: Int32Array): void {
    for (let group = 0; group < this.#groups.length; group++) {
      if (this.key[group] === this.#baseKey[group]) continue;
      const end = this.#first(group + 1);
      for (let index = this.#first(group); index < end; index++) {
        if (this.#parts[index] !== this.#baseParts[index]) this.#copyBase(index, vector);
      }
    }
  }

  #copyBase(index: number, vector: Int32Array): void {
    const end = this.#ends[index] as number;
    for (let word = this.#starts[index] as number; word < end; word++) vector[word] = this.base[word] as number;
  }

  restore(id: number): void {
    this.#keys.restore(id, this.key);
    for (let group = 0; group < this.#groups.length; group++) this.restoreGroup(group, this.key);
  }

  /** Writes one group of the state with this key into `base`. */
  restoreGroup(group: number, key: Int32Array): void {
    const number = key[group] as number;
    if (this.#baseKey[group] === number) return;
    this.#baseKey[group] = number;
    this.#groups[group]?.restore(number, this.#parts);
    this.#restoreParts(group);
  }

  #restoreParts(group: number): void {
    const end = this.#first(group + 1);
    for (let index = this.#first(group); index < end; index++) {
      const part = this.#parts[index] as number;
      if (this.#baseParts[index] === part) continue;
      this.#baseParts[index] = part;
      this.#tables[index]?.restore(part, this.base);
    }
  }

  #first(group: number): number {
    return this.#firsts[group] as number;
  }
}

/** For arrays so short that a call of `set` costs more. */
function copy(from: Int32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i] as number;
}

/** The first component of each group, and the number of all components. */
function firstsOf(groups: readonly ComponentGroup[]): readonly number[] {
  const firsts = [0];
  for (const group of groups) firsts.push((firsts.at(-1) as number) + group.components.length);
  return firsts;
}
