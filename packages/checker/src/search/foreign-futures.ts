import type { Futures } from '../reduction/futures.js';
import { grown, VectorTable } from './vector-table.js';

const NONE = -1;

/**
 * Numbers what the other CPUs can still come to do, which decides what of a CPU's moves need not wait for them. Found out once per part of
 * the state, and again when more is known of programs. Parts with the same future have one number: a move that was made beside one of them is
 * remembered for all, so what is relied upon of one is relied upon of the points of all.
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
  /** By number of a future: the points of the parts that have it, and the bits that are relied upon. */
  readonly #points: Set<number>[] = [];
  readonly #relied: Set<number>[] = [];
  /** The number of the present future of each CPU; NONE: it has not been asked for. */
  readonly #present: Int32Array;
  readonly #together: VectorTable;
  readonly #numbers: Int32Array;

  constructor(futures: Futures, cpuCount: number, restore: () => void) {
    this.#futures = futures;
    this.#restore = restore;
    this.#known = Array.from({ length: cpuCount }, () => new Int32Array(256));
    this.#row = new Int32Array(futures.width);
    this.#rows = new VectorTable(0, futures.width);
    this.#numbers = new Int32Array(cpuCount);
    this.#together = new VectorTable(0, cpuCount);
    this.#present = new Int32Array(cpuCount).fill(NONE);
    futures.relyOnAlike = (cpu, bit) => this.#rely(cpu, bit);
  }

  /** One number for those of all others. `key`: numbers of memory, of the part of each CPU, of the globals. */
  of(cpu: number, key: Int32Array): number {
    if (this.#version !== this.#futures.version) this.#forget();
    for (let other = 0; other < this.#numbers.length; other++) {
      const future = other === cpu ? NONE : this.#future(other, key[1 + other] as number);
      this.#numbers[other] = future + 1;
      if (other !== cpu) this.#present[other] = future;
    }
    return this.#together.intern(this.#numbers);
  }

  #forget(): void {
    this.#version = this.#futures.version;
    for (const known of this.#known) known.fill(0);
  }

  #future(cpu: number, part: number): number {
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
    this.#join(cpu, future);
    return future;
  }

  /** The CPU's present part has this future: what is relied upon of others that have it is relied upon of its points. */
  #join(cpu: number, future: number): void {
    const points = this.#points[future] ?? new Set<number>();
    this.#points[future] = points;
    this.#relied[future] ??= new Set<number>();
    const added: number[] = [];
    this.#futures.forFrames(cpu, (point) => {
      if (!points.has(point)) added.push(point);
    });
    for (const point of added) points.add(point);
    for (const bit of this.#relied[future]) this.#futures.relyOn(added, bit);
  }

  #rely(cpu: number, bit: number): boolean {
    const future = this.#present[cpu] as number;
    if (future === NONE) return false;
    const relied = this.#relied[future] as Set<number>;
    if (relied.has(bit)) return true;
    relied.add(bit);
    this.#futures.relyOn(this.#points[future] as Set<number>, bit);
    return true;
  }
}
