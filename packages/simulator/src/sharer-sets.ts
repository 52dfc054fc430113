import { DISTANCE_CLASSES, type Topology } from '@shootdown/core';

/** Bits of one word of a set, as a shift and as a mask of the CPU number. */
const WORD_SHIFT = 5;
const WORD_MASK = 31;
const FARTHEST = DISTANCE_CLASSES - 1;
/** The classes below the farthest. */
const NEARER = [0, 1, 2, 3] as const;

/**
 * A pool of CPU bitsets for the cache lines that more than one CPU holds. Sets are numbered from 1, so that 0 can mean "none" in the
 * arrays that refer to them; a set given back is used again, so the pool is as large as the most lines ever shared at one time.
 */
export class SharerSets {
  readonly #wordsPerSet: number;
  readonly #reach: Reach;
  readonly #free: number[] = [];
  #bits: Int32Array;
  #used = 1;

  /** @param cpuCount CPUs that may be members, the first ones of the topology. */
  constructor(topology: Topology, cpuCount: number = topology.cpuCount, capacity: number = 64) {
    this.#wordsPerSet = (cpuCount + WORD_MASK) >> WORD_SHIFT;
    this.#reach = new Reach(topology, cpuCount, this.#wordsPerSet);
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
    this.#bits[word] = (this.#bits[word] as number) | (1 << (cpu & WORD_MASK));
  }

  has(set: number, cpu: number): boolean {
    return ((this.#bits[this.#wordOf(set, cpu)] as number) & (1 << (cpu & WORD_MASK))) !== 0;
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
   * Distance class of the member nearest to a CPU, itself left out; the farthest class when there is none. The search begins at the CPU's
   * neighbours by number, who mostly share its complex, and ends at the first member as near as `enough`.
   */
  nearest(set: number, cpu: number, enough: number): number {
    const own = cpu >> WORD_SHIFT;
    let nearest = FARTHEST;
    for (let step = 0; step < this.#wordsPerSet && nearest > enough; step++) {
      const word = (own + step) % this.#wordsPerSet;
      let others = this.#bits[set * this.#wordsPerSet + word] as number;
      if (word === own) others &= ~(1 << (cpu & WORD_MASK));
      while (nearest > enough && (others & this.#reach.word(cpu, nearest - 1, word)) !== 0) nearest--;
    }
    return nearest;
  }

  /** Distance class of the member farthest from a CPU; 0 when there is no other one. */
  farthest(set: number, cpu: number): number {
    let farthest = 0;
    for (let word = 0; word < this.#wordsPerSet && farthest < FARTHEST; word++) {
      const bits = this.#bits[set * this.#wordsPerSet + word] as number;
      while (farthest < FARTHEST && (bits & ~this.#reach.word(cpu, farthest, word)) !== 0) farthest++;
    }
    return farthest;
  }

  #wordOf(set: number, cpu: number): number {
    return set * this.#wordsPerSet + (cpu >> WORD_SHIFT);
  }

  #grow(): void {
    const bits = new Int32Array(2 * this.#bits.length);
    bits.set(this.#bits);
    this.#bits = bits;
  }
}

/** The CPUs within each distance class of a CPU, as bitsets that all CPUs of a core, a complex or a socket share. */
class Reach {
  readonly #cpuCount: number;
  /** Per class below the farthest and CPU: where its bitset begins. */
  readonly #start: Int32Array;
  readonly #bits: Int32Array;

  constructor(topology: Topology, cpuCount: number, words: number) {
    this.#cpuCount = cpuCount;
    this.#start = new Int32Array(NEARER.length * cpuCount);
    let end = 0;
    for (const distance of NEARER) {
      const starts = new Map<number, number>();
      for (let cpu = 0; cpu < cpuCount; cpu++) {
        const group = topology.group(cpu, distance);
        const start = starts.get(group) ?? end;
        if (start === end) end += words;
        starts.set(group, start);
        this.#start[distance * cpuCount + cpu] = start;
      }
    }
    this.#bits = new Int32Array(end);
    this.#start.forEach((start, index) => {
      const cpu = index % cpuCount;
      const word = start + (cpu >> WORD_SHIFT);
      this.#bits[word] = (this.#bits[word] as number) | (1 << (cpu & WORD_MASK));
    });
  }

  /** One word of the bitset of the CPUs within this distance class. */
  word(cpu: number, distance: number, word: number): number {
    return this.#bits[(this.#start[distance * this.#cpuCount + cpu] as number) + word] as number;
  }
}

/** Set bits of a word, added up in ever wider fields. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
