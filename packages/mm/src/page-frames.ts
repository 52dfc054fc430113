import type { Boot, Word } from '@shootdown/core';
import type { MmOptions } from './options.js';

/**
 * `struct page` of every frame and of every page-table page: a reference count on a line of its own (the structure is
 * 64 bytes long). 0 is free; taking a page is one compare-and-exchange, giving it back one store.
 */
export class PageFrames {
  /** The frame behind the one that a CPU took last; kept only where allocations go by it. */
  readonly next: (cpu: number) => Word;
  readonly #frames: (index: number) => Word;
  readonly #tables: (index: number) => Word;

  constructor(boot: Boot, usedFrames: number, frameChoice: MmOptions['frameChoice']) {
    const { memory, shape } = boot;
    this.#frames = boot.records('page', ['refcount'], shape.frames).refcount;
    this.#tables = boot.records('table_page', ['refcount'], shape.tables).refcount;
    for (let frame = 0; frame < usedFrames; frame++) memory.initial(this.#frames(frame), 1);
    const place = { home: (cpu: number): number => cpu, wordClass: 'cpu' } as const;
    const cpus = frameChoice === 'nextFree' ? shape.cpuCount : 0;
    this.next = boot.records('next_page', ['frame'], cpus, place).frame;
    for (let cpu = 0; cpu < cpus; cpu++) memory.initial(this.next(cpu), usedFrames % shape.frames);
    for (let table = 0; table < shape.tables; table++) memory.initial(this.#tables(table), 1);
  }

  frame(frame: number): Word {
    return this.#frames(frame);
  }
  table(table: number): Word {
    return this.#tables(table);
  }
}
