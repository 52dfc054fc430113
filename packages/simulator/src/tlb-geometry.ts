import type { TlbShape } from '@shootdown/core';

/** Where a translation was found. */
export const TlbLevel = { miss: 0, first: 1, second: 2 } as const;
export type TlbLevel = (typeof TlbLevel)[keyof typeof TlbLevel];

/** One level: `sets` × `ways` keys from `start` on, each set in the order of use, latest first, empty ways (0) last. */
interface Level {
  readonly start: number;
  readonly sets: number;
  readonly ways: number;
}

/**
 * Which translations a data TLB of two levels holds at once: sets, ways and true LRU order. It says what hits at which level and what a
 * fill pushes out; the translations themselves live in the machine state. A tag is `pcid × pagesPerPcid + page`, the number of the
 * machine's TLB slot.
 *
 * The second level includes the first. A use refreshes the order of both levels, so where the sets of the first divide those of the
 * second, and its ways are no more, a tag never leaves the second level while the first one has it; elsewhere it then leaves both.
 * Vendors document sizes and ways only; inclusion and LRU are choices of the model.
 */
export class TlbGeometry {
  readonly #pagesPerPcid: number;
  readonly #first: Level;
  readonly #second: Level;
  /** Tag + 1 per way, 0 for an empty one; made at a CPU's first fill. */
  readonly #keys: (Int32Array | undefined)[];
  /** Entries held, per CPU. */
  readonly #held: Int32Array;

  constructor(cpuCount: number, shape: TlbShape, pagesPerPcid: number) {
    this.#pagesPerPcid = pagesPerPcid;
    this.#first = { start: 0, sets: shape.l1Entries / shape.l1Ways, ways: shape.l1Ways };
    this.#second = { start: shape.l1Entries, sets: shape.stlbEntries / shape.stlbWays, ways: shape.stlbWays };
    this.#keys = new Array<Int32Array | undefined>(cpuCount).fill(undefined);
    this.#held = new Int32Array(cpuCount);
  }

  /** Uses a tag: the level it is found at. A tag found at the second level enters the first. */
  touch(cpu: number, tag: number): TlbLevel {
    const keys = this.#keys[cpu];
    if (keys === undefined) return TlbLevel.miss;
    const page = tag % this.#pagesPerPcid;
    if (!promote(keys, this.#second, page, tag + 1)) return TlbLevel.miss;
    if (promote(keys, this.#first, page, tag + 1)) return TlbLevel.first;
    insert(keys, this.#first, page, tag + 1);
    return TlbLevel.second;
  }

  /** Enters a tag at both levels. Returns the tag that has left the TLB for it, or -1. A tag that is there already is only used. */
  fill(cpu: number, tag: number): number {
    if (this.touch(cpu, tag) !== TlbLevel.miss) return -1;
    const keys = this.#keysOf(cpu);
    const page = tag % this.#pagesPerPcid;
    const evicted = insert(keys, this.#second, page, tag + 1) - 1;
    if (evicted < 0) this.#held[cpu] = this.held(cpu) + 1;
    else remove(keys, this.#first, evicted % this.#pagesPerPcid, evicted + 1);
    insert(keys, this.#first, page, tag + 1);
    return evicted;
  }

  /** Drops one page of one PCID. */
  invalidatePage(cpu: number, pcid: number, page: number): void {
    const keys = this.#keys[cpu];
    if (keys === undefined) return;
    const key = pcid * this.#pagesPerPcid + page + 1;
    if (!remove(keys, this.#second, page, key)) return;
    remove(keys, this.#first, page, key);
    this.#held[cpu] = this.held(cpu) - 1;
  }

  /** Drops every page of one PCID. */
  invalidatePcid(cpu: number, pcid: number): void {
    const keys = this.#keys[cpu];
    if (keys === undefined || this.#held[cpu] === 0) return;
    const from = pcid * this.#pagesPerPcid;
    const dropped = removeRange(keys, this.#second, from, from + this.#pagesPerPcid);
    if (dropped > 0) removeRange(keys, this.#first, from, from + this.#pagesPerPcid);
    this.#held[cpu] = this.held(cpu) - dropped;
  }

  /** Drops everything. */
  invalidateAll(cpu: number): void {
    if (this.#held[cpu] === 0) return;
    this.#keys[cpu]?.fill(0);
    this.#held[cpu] = 0;
  }

  /** Entries that a CPU's TLB holds. */
  held(cpu: number): number {
    return this.#held[cpu] as number;
  }

  #keysOf(cpu: number): Int32Array {
    const known = this.#keys[cpu];
    if (known !== undefined) return known;
    const { start, sets, ways } = this.#second;
    const keys = new Int32Array(start + sets * ways);
    this.#keys[cpu] = keys;
    return keys;
  }
}

/** Way of a key within its set, counted from the first slot of all; -1 when it is not there. */
function find(keys: Int32Array, { start, sets, ways }: Level, page: number, key: number): number {
  const base = start + (page % sets) * ways;
  for (let slot = base; slot < base + ways; slot++) {
    if (keys[slot] === key) return slot;
  }
  return -1;
}

/** Makes a key the latest of its set; false when it is not there. */
function promote(keys: Int32Array, level: Level, page: number, key: number): boolean {
  const slot = find(keys, level, page, key);
  if (slot < 0) return false;
  const base = level.start + (page % level.sets) * level.ways;
  for (let way = slot; way > base; way--) keys[way] = keys[way - 1] as number;
  keys[base] = key;
  return true;
}

/** Enters a key as the latest of its set. Returns the key that left for it, 0 when a way was empty. */
function insert(keys: Int32Array, { start, sets, ways }: Level, page: number, key: number): number {
  const base = start + (page % sets) * ways;
  const evicted = keys[base + ways - 1] as number;
  for (let way = base + ways - 1; way > base; way--) keys[way] = keys[way - 1] as number;
  keys[base] = key;
  return evicted;
}

/** Drops a key; false when it was not there. */
function remove(keys: Int32Array, level: Level, page: number, key: number): boolean {
  const slot = find(keys, level, page, key);
  if (slot < 0) return false;
  const last = level.start + (page % level.sets) * level.ways + level.ways - 1;
  for (let way = slot; way < last; way++) keys[way] = keys[way + 1] as number;
  keys[last] = 0;
  return true;
}

/** Drops the keys above `from` up to `to`, keeping the order of the others. Returns how many were dropped. */
function removeRange(keys: Int32Array, { start, sets, ways }: Level, from: number, to: number): number {
  let dropped = 0;
  for (let base = start; base < start + sets * ways; base += ways) {
    if (keys[base] === 0) continue;
    let kept = base;
    for (let slot = base; slot < base + ways; slot++) {
      const key = keys[slot] as number;
      if (key > from && key <= to) dropped++;
      else keys[kept++] = key;
    }
    while (kept < base + ways) keys[kept++] = 0;
  }
  return dropped;
}
