import { CpuField, type Machine } from '@shootdown/core';
import { grown, VectorTable } from '../search/vector-table.js';

/**
 * Numbers the contents of the store buffers of other CPUs that the monitor looks into when a CPU moves: a flush that was called while its
 * changes of the page table are buffered revokes what memory still grants. Found out once per part of the state.
 */
export class ForeignBuffers {
  readonly #machine: Machine;
  /** Brings the machine to the present state. */
  readonly #restore: () => void;
  /** By the number of the globals: the CPUs whose buffers matter, a bit each, + 1. */
  #matter = new Int32Array(256);
  /** By CPU and the number of its part: the number of its buffer's content + 1. */
  readonly #contents: Int32Array<ArrayBuffer>[];
  readonly #tables: readonly VectorTable[];
  readonly #together: VectorTable;
  readonly #numbers: Int32Array;

  constructor(machine: Machine, restore: () => void) {
    const { layout } = machine;
    this.#machine = machine;
    this.#restore = restore;
    const cpus = Array.from({ length: layout.cpuCount }, (_, cpu) => layout.cpu(cpu));
    this.#contents = cpus.map(() => new Int32Array(256));
    this.#tables = cpus.map((block) => new VectorTable(block + CpuField.bufferCount, block + layout.inFlight));
    this.#numbers = new Int32Array(layout.cpuCount);
    this.#together = new VectorTable(0, layout.cpuCount);
    this.#together.intern(this.#numbers);
  }

  /** One number for all of them; 0 when there are none. `key`: numbers of memory, of the part of each CPU, of the globals. */
  of(cpu: number, key: Int32Array): number {
    if (this.#machine.sequentiallyConsistent) return 0;
    const matter = this.#matterTo(key[key.length - 1] as number) & ~(1 << cpu);
    if (matter === 0) return 0;
    for (let other = 0; other < this.#numbers.length; other++)
      this.#numbers[other] = ((matter >>> other) & 1) === 0 ? 0 : this.#content(other, key[1 + other] as number);
    return this.#together.intern(this.#numbers);
  }

  #matterTo(globals: number): number {
    while (globals >= this.#matter.length) this.#matter = grown(this.#matter);
    if (this.#matter[globals] === 0) {
      this.#restore();
      this.#matter[globals] = 1 + this.#machine.monitor.readsBuffersOf(this.#machine);
    }
    return (this.#matter[globals] as number) - 1;
  }

  #content(cpu: number, part: number): number {
    let known = this.#contents[cpu] as Int32Array<ArrayBuffer>;
    while (part >= known.length) known = this.#contents[cpu] = grown(known);
    if (known[part] === 0) {
      this.#restore();
      known[part] = 1 + (this.#tables[cpu] as VectorTable).intern(this.#machine.state);
    }
    return known[part] as number;
  }
}
