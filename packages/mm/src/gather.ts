import type { Boot, Word } from '@shootdown/core';

/**
 * `mmu_gather` batches: pages and a table that are unhooked and wait for their invalidation before they can be re-used.
 * They lie in words, so that a strategy may release a batch later and elsewhere.
 */
export class GatherBatches {
  readonly perCpu: number;
  readonly capacity: number;
  /** Pages in the batch. */
  readonly count: (batch: number) => Word;
  /** Table page in the batch + 1; 0 is none. */
  readonly table: (batch: number) => Word;
  /** The batch is between its first page and its release. */
  readonly busy: (batch: number) => Word;
  /** The batch that a CPU took last, counted from its first one. Undefined where a CPU has one only. */
  readonly last: ((cpu: number) => Word) | undefined;
  readonly #frames: (index: number) => Word;
  readonly #stride: number;

  constructor(boot: Boot, capacity: number, perCpu: number) {
    const batches = boot.shape.cpuCount * perCpu;
    const wordClass = perCpu > 1 ? 'shared' : 'cpu';
    const home = (batch: number): number => Math.floor(batch / perCpu);
    const head = boot.records('mmu_gather', ['count', 'table', 'busy'], batches, { home, wordClass });
    this.perCpu = perCpu;
    this.capacity = capacity;
    this.count = head.count;
    this.table = head.table;
    this.busy = head.busy;
    this.last = perCpu > 1 ? lastBatches(boot) : undefined;
    this.#stride = Math.ceil(capacity / 8) * 8;
    const stride = this.#stride;
    const pageHome = (index: number): number => home(Math.floor(index / stride));
    this.#frames = boot.records('gathered_page', ['frame'], batches * stride, {
      stride: 1,
      home: pageHome,
      wordClass,
    }).frame;
  }

  /** The frame of the batch's k-th page. */
  frame(batch: number, k: number): Word {
    return this.#frames(batch * this.#stride + k);
  }
  /** The first batch of a CPU. */
  first(cpu: number): number {
    return cpu * this.perCpu;
  }
}

function lastBatches(boot: Boot): (cpu: number) => Word {
  const place = { home: (cpu: number): number => cpu, wordClass: 'cpu' } as const;
  return boot.records('last_gather', ['batch'], boot.shape.cpuCount, place).batch;
}
