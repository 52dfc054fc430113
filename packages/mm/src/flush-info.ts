import { type Boot, type Cpu, type Group, Owner, type Program, type Word, wordAt } from '@shootdown/core';
import type { MmLayout } from './options.js';

/** Fields of `flush_tlb_info`, 40 bytes: a pointer to the record is the word of `mm`. */
const FIELDS = ['mm', 'start', 'pages', 'new_tlb_gen', 'freed_tables'] as const;

/** Offsets of the fields from a pointer to the record or to an inlined copy of it. */
export const FlushInfoOffset = { mm: 0, firstPage: 1, pageCount: 2, generation: 3 } as const;

/**
 * The request record of each CPU. One flush at a time per CPU (arch/x86/mm/tlb.c: nesting is a BUG).
 * Once published everybody may read it and nobody may write it; the kernel takes it back when the flush is over.
 */
export class FlushInfo {
  readonly #first: (cpu: number) => Word;
  readonly group: (cpu: number) => Group;

  constructor(boot: Boot, layout: MmLayout) {
    const home = (cpu: number): number => cpu;
    const vmalloc = layout.flushInfo === 'stack';
    const records = boot.records('flush_tlb_info', FIELDS, boot.shape.cpuCount, {
      home,
      vmalloc,
      wordClass: 'handoff',
    });
    this.#first = records.mm;
    this.group = records.group;
  }

  /** What travels to other CPUs as the argument of the flush function. */
  pointer(cpu: number): Word {
    return this.#first(cpu);
  }

  /**
   * Fills the record (`get_flush_tlb_info`). `shared`: other CPUs read it in place, until the flush is over. Otherwise it
   * stays this CPU's own, to be copied into csds.
   */
  *fill(
    cpu: Cpu,
    mm: number,
    firstPage: number,
    pageCount: number,
    generation: number,
    freedTables: boolean,
    shared: boolean,
  ): Program {
    const record = this.#first(cpu.id);
    yield* cpu.store(record, mm);
    yield* cpu.store(wordAt(record, 1), firstPage);
    yield* cpu.store(wordAt(record, 2), pageCount);
    yield* cpu.store(wordAt(record, 3), generation);
    const owner = shared ? Owner.readers : cpu.id;
    yield* cpu.handOver(this.group(cpu.id), owner).store(wordAt(record, 4), freedTables ? 1 : 0);
  }
}
