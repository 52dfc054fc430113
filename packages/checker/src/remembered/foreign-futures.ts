import type { Futures } from '../reduction/futures.js';
import { grown, VectorTable } from '../search/vector-table.js';

const INTEGER_BITS = 32;

/**
 * What each CPU can still come to do, but for its handlers, in the present state. Found out once per part of the state, and again when more is
 * known of programs. Parts with the same future have one number: a move that was made beside one of them is remembered for all, so what is relied
 * upon of one is relied upon of the points of all.
 */
export class ForeignFutures {
  readonly #futures: Futures;
  /** Brings the machine to the present state. */
  readonly #restore: () => void;
  /** By CPU and the number of its part: the number of its future + 1. */
  readonly #known: Int32Array<ArrayBuffer>[];
  #version = 0;
  readonly #rows: VectorTable;
  readonly #row: Int32Array;
  /** By number of a future: its row, the points of the parts that have it, and the bits that are relied upon. */
  readonly #bitsOf: Int32Array[] = [];
  readonly #points: Set<number>[] = [];
  readonly #relied: Int32Array[] = [];
  /** The number of the present future of each CPU, once they have been found. */
  readonly #present: Int32Array;
  #isFound = false;
  /** The numbers of memory, of the part of each CPU, of the globals. */
  #key: Int32Array | undefined;

  constructor(futures: Futures, cpuCount: number, restore: () => void) {
    this.#futures = futures;
    this.#restore = restore;
    this.#known = Array.from({ length: cpuCount }, () => new Int32Array(256));
    this.#row = new Int32Array(futures.width);
    this.#rows = new VectorTable(0, futures.width);
    this.#present = new Int32Array(cpuCount);
    futures.relyOnAlike = (cpu, bit) => this.#relyOnAlike(cpu, bit);
  }

  /** Bits of a future. */
  get bits(): number {
    return this.#futures.width * INTEGER_BITS;
  }

  /** The state with this key is the present one. */
  begin(key: Int32Array): void {
    this.#key = key;
    this.#isFound = false;
  }

  /** An interrupt is on its way to the CPU. */
  isInterruptArriving(cpu: number): boolean {
    this.findAll();
    return hasBit(this.#rowOf(cpu), this.#futures.pendingInterrupt);
  }

  /** Some other CPU than this one can still do this. That none can is relied upon, of all parts that have the future of any of them. */
  othersCan(cpu: number, bit: number): boolean {
    this.findAll();
    const count = this.#present.length;
    for (let other = 0; other < count; other++) if (other !== cpu && hasBit(this.#rowOf(other), bit)) return true;
    for (let other = 0; other < count; other++) if (other !== cpu) this.#relyOn(this.#present[other] as number, bit);
    return false;
  }

  /** Finds out what all CPUs can still do in the present state. What has been found is asked for when the machine has left it, too. */
  findAll(): void {
    if (this.#isFound && !this.isOutdated) return;
    do {
      if (this.isOutdated) this.#forget();
      for (let cpu = 0; cpu < this.#present.length; cpu++) this.#present[cpu] = this.#of(cpu);
    } while (this.isOutdated);
    this.#isFound = true;
  }

  /** More is known of programs than when it was found out last what CPUs can still do. */
  get isOutdated(): boolean {
    return this.#version !== this.#futures.version;
  }

  #forget(): void {
    this.#version = this.#futures.version;
    for (const known of this.#known) known.fill(0);
  }

  #rowOf(cpu: number): Int32Array {
    return this.#bitsOf[this.#present[cpu] as number] as Int32Array;
  }

  #of(cpu: number): number {
    const part = this.#key?.[1 + cpu] as number;
    let known = this.#known[cpu] as Int32Array<ArrayBuffer>;
    while (part >= known.length) known = this.#known[cpu] = grown(known);
    if (known[part] === 0) known[part] = 1 + this.#find(cpu);
    return (known[part] as number) - 1;
  }

  #find(cpu: number): number {
    this.#restore();
    this.#row.fill(0);
    this.#futures.collect(cpu, this.#row);
    const future = this.#rows.intern(this.#row);
    this.#bitsOf[future] ??= Int32Array.from(this.#row);
    this.#join(cpu, future);
    return future;
  }

  /** The CPU's present part has this future: what is relied upon of others that have it is relied upon of its points. */
  #join(cpu: number, future: number): void {
    const points = this.#points[future] ?? new Set<number>();
    this.#points[future] = points;
    const relied = this.#relied[future] ?? new Int32Array(this.#row.length);
    this.#relied[future] = relied;
    const added: number[] = [];
    this.#futures.forFrames(cpu, (point) => {
      if (!points.has(point)) added.push(point);
    });
    for (const point of added) points.add(point);
    if (added.length === 0) return;
    for (let bit = 0; bit < this.bits; bit++) if (hasBit(relied, bit)) this.#futures.relyOn(added, bit);
  }

  #relyOn(future: number, bit: number): void {
    const relied = this.#relied[future] as Int32Array;
    if (hasBit(relied, bit)) return;
    relied[bit >>> 5] = (relied[bit >>> 5] as number) | (1 << (bit & 31));
    this.#futures.relyOn(this.#points[future] as Set<number>, bit);
  }

  #relyOnAlike(cpu: number, bit: number): boolean {
    if (!this.#isFound) return false;
    this.#relyOn(this.#present[cpu] as number, bit);
    return true;
  }
}

function hasBit(row: Int32Array, bit: number): boolean {
  return (((row[bit >>> 5] as number) >>> (bit & 31)) & 1) !== 0;
}
