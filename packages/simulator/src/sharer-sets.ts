import type { Topology } from '@shootdown/core';

const WORD_BITS = 32;

/**
 * A pool of CPU bitsets for the cache lines that more than one CPU holds. Sets are numbered from 1, so that 0 can mean "none" in the
 * arrays that refer to them; a set given back is used again, so the pool is as large as the most lines ever shared at one time.
 */
export class SharerSets {
  readonly #topology: Topology;
  readonly #wordsPerSet: number;
  readonly #free: number[] = [];
  #bits: Int32Array;
  #used = 1;

  constructor(topology: Topology, capacity: number = 64) {
    this.#topology = topology;
    this.#wordsPerSet = Math.ceil(topology.cpuCount / WORD_BITS);
    this.#bits = new Int32Array((capacity + 1) * this.#wordsPerSet);
  }

  /** Sets in use. */
  get size(): number {
    return this.#used - 1 - this.#free.length;
  }

  /** A set that holds just these two CPUs. */
  create(first: number, second: number): number {
    const set = this.#free.pop() ?? this.#used++;
    if ((set + 1) * this.#wordsPerSet > this.#bits.length) this.#grow();
    this.add(set, first);
    this.add(set, second);
    return set;
  }

  add(set: number, cpu: number): void {
    const word = this.#wordOf(set, cpu);
    this.#bits[word] = (this.#bits[word] as number) | (1 << (cpu % WORD_BITS));
  }

  has(set: number, cpu: number): boolean {
    return ((this.#bits[this.#wordOf(set, cpu)] as number) & (1 << (cpu % WORD_BITS))) !== 0;
  }

  /** Empties a set and gives it back. Returns how many CPUs it held. */
  release(set: number): number {
    const first = set * this.#wordsPerSet;
    let members = 0;
    for (let word = first; word < first + this.#wordsPerSet; word++) {
      members += bitCount(this.#bits[word] as number);
      this.#bits[word] = 0;
    }
    this.#free.push(set);
    return members;
  }

  /**
   * Distance class of the member nearest to a CPU, itself left out; `limit` when there is none nearer. The search begins at the CPU's
   * neighbours by number, who mostly share its complex, and ends at the first member as near as `enough`.
   */
  nearest(set: number, cpu: number, enough: number, limit: number): number {
    const start = Math.floor(cpu / WORD_BITS);
    let nearest = limit;
    for (let step = 0; step < this.#wordsPerSet && nearest > enough; step++) {
      const word = (start + step) % this.#wordsPerSet;
      let bits = this.#others(set, word, cpu);
      while (bits !== 0 && nearest > enough) {
        const distance = this.#topology.distance(cpu, word * WORD_BITS + lowestBit(bits));
        if (distance < nearest) nearest = distance;
        bits &= bits - 1;
      }
    }
    return nearest;
  }

  /** Distance class of the member farthest from a CPU, itself left out; 0 when there is none. The search ends at `limit`. */
  farthest(set: number, cpu: number, limit: number): number {
    let farthest = 0;
    for (let word = 0; word < this.#wordsPerSet && farthest < limit; word++) {
      let bits = this.#others(set, word, cpu);
      while (bits !== 0 && farthest < limit) {
        const distance = this.#topology.distance(cpu, word * WORD_BITS + lowestBit(bits));
        if (distance > farthest) farthest = distance;
        bits &= bits - 1;
      }
    }
    return farthest;
  }

  #others(set: number, word: number, cpu: number): number {
    const bits = this.#bits[set * this.#wordsPerSet + word] as number;
    return Math.floor(cpu / WORD_BITS) === word ? bits & ~(1 << (cpu % WORD_BITS)) : bits;
  }

  #wordOf(set: number, cpu: number): number {
    return set * this.#wordsPerSet + Math.floor(cpu / WORD_BITS);
  }

  #grow(): void {
    const bits = new Int32Array(2 * this.#bits.length);
    bits.set(this.#bits);
    this.#bits = bits;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
