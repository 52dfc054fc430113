import { BUFFER_STRIDE, BufferField, CpuField, type Layout, type Machine } from '@shootdown/core';
import { grown, VectorTable } from '../search/vector-table.js';

/**
 * Numbers the stores to page tables in the buffers that the monitor looks into when walks of a CPU come to find something else
 * (`Monitor.readsBuffersOf`): a flush that was called while its changes of the page table are buffered revokes what memory still grants. Found out
 * once per part of the state.
 */
export class HiddenStores {
  readonly #machine: Machine;
  /** Brings the machine to the present state. */
  readonly #restore: () => void;
  /** By the number of the globals: the CPUs whose buffers matter, a bit each, + 1. */
  #matter = new Int32Array(256);
  /** By CPU and the number of its part: the number of its buffered stores to page tables + 1; the number of none is 0. */
  readonly #contents: Int32Array<ArrayBuffer>[];
  readonly #stores: Int32Array;
  readonly #table: VectorTable;
  readonly #together: VectorTable;
  readonly #numbers: Int32Array;

  constructor(machine: Machine, restore: () => void) {
    const { layout } = machine;
    this.#machine = machine;
    this.#restore = restore;
    this.#contents = Array.from({ length: layout.cpuCount }, () => new Int32Array(256));
    this.#stores = new Int32Array(2 * depthOf(layout));
    this.#table = new VectorTable(0, this.#stores.length);
    this.#table.intern(this.#stores);
    this.#numbers = new Int32Array(layout.cpuCount);
    this.#together = new VectorTable(0, layout.cpuCount);
    this.#together.intern(this.#numbers);
  }

  /**
   * One number for all of them; 0 when there are none. It matters of the asking CPU whether its buffer is looked into, for it may come to
   * hold something in the midst of a move. `key`: numbers of memory, of the part of each CPU, of the globals.
   */
  of(cpu: number, key: Int32Array): number {
    if (this.#machine.sequentiallyConsistent) return 0;
    const matter = this.#matterTo(key[key.length - 1] as number);
    if (matter === 0) return 0;
    for (let each = 0; each < this.#numbers.length; each++) {
      const content = ((matter >>> each) & 1) === 0 ? -1 : this.#content(each, key[1 + each] as number);
      this.#numbers[each] = content > 0 || (content === 0 && each === cpu) ? 1 + content : 0;
    }
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
      known[part] = 1 + this.#find(cpu);
    }
    return (known[part] as number) - 1;
  }

  #find(cpu: number): number {
    const { state, layout } = this.#machine;
    const first = layout.cpu(cpu) + CpuField.buffer;
    const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
    this.#stores.fill(0);
    let at = 0;
    for (let store = first; store < end; store += BUFFER_STRIDE) {
      const word = state[store + BufferField.word] as number;
      if (!this.#machine.isTableWord(word)) continue;
      this.#stores[at++] = word;
      this.#stores[at++] = state[store + BufferField.value] as number;
    }
    return this.#table.intern(this.#stores);
  }
}

function depthOf({ inFlight }: Layout): number {
  return (inFlight - CpuField.buffer) / BUFFER_STRIDE;
}
