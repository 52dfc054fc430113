import type { Futures } from '../reduction/futures.js';
import { grown, VectorTable } from './vector-table.js';

/**
 * Numbers what the other CPUs can still come to do, which decides what of a CPU's moves need not wait for them. Found out once per part of
 * the state, and again when more is known of programs.
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
  }

  /** One number for those of all others. `key`: numbers of memory, of the part of each CPU, of the globals. */
  of(cpu: number, key: Int32Array): number {
    if (this.#version !== this.#futures.version) this.#forget();
    for (let other = 0; other < this.#numbers.length; other++)
      this.#numbers[other] = other === cpu ? 0 : this.#future(other, key[1 + other] as number);
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
    return known[part] as number;
  }

  #find(cpu: number): number {
    this.#restore();
    this.#row.fill(0);
    this.#futures.collect(cpu, this.#row);
    return this.#rows.intern(this.#row);
  }
}
