import type { Boot, Mask, Word } from '@shootdown/core';

/** Per-mm state (arch/x86/include/asm/mmu.h): lines G and M of the model, and the locks of mm/memory.c. */
export class AddressSpaces {
  readonly #generation: (index: number) => Word;
  readonly #lock: (index: number) => Word;
  readonly #batched: (index: number) => Word;
  readonly #masks: readonly Mask[];

  constructor(boot: Boot, mmCount: number) {
    const { memory } = boot;
    this.#generation = boot.records('mm', ['tlb_gen'], mmCount + 1).tlb_gen;
    const locks = boot.records('page_table', ['lock', 'tlb_flush_batched'], mmCount);
    this.#lock = locks.lock;
    this.#batched = locks.tlb_flush_batched;
    this.#masks = Array.from({ length: mmCount }, (_, mm) => boot.mask(`mm_cpumask${mm}`));
    for (let mm = 0; mm < mmCount; mm++) memory.initial(this.generation(mm), 1);
  }

  /** `mm->context.tlb_gen`: flush requests so far. It starts at 1 (init_new_context); `init_mm`'s stays 0. */
  generation(mm: number): Word {
    return this.#generation(mm + 1);
  }
  /** `mm_cpumask`: CPUs that may hold entries of this mm. */
  cpuMask(mm: number): Mask {
    return this.#masks[mm] as Mask;
  }
  /** `mm->page_table_lock`: 0 is free. One lock per mm; Linux splits it by table page. */
  pageTableLock(mm: number): Word {
    return this.#lock(mm);
  }
  /** `mm->tlb_flush_batched`: reclaim cleared entries of this mm and has not flushed them yet. */
  flushBatched(mm: number): Word {
    return this.#batched(mm);
  }
}

/** `mm->context.ctx_id`: never re-used, never 0; `init_mm` has 1. */
export function contextId(mm: number): number {
  return mm + 2;
}
