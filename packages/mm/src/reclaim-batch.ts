import type { Boot, Mask, Word } from '@shootdown/core';

/** `current->tlb_ubc` of the task that reclaims on each CPU: one batch of deferred flushes (mm/rmap.c). */
export class ReclaimBatches {
  /** `tlb_ubc.flush_required`. */
  readonly flushRequired: (cpu: number) => Word;
  readonly #masks: (cpu: number) => Word;

  constructor(boot: Boot) {
    const { cpuCount } = boot.shape;
    const place = { home: (cpu: number): number => cpu, wordClass: 'cpu' } as const;
    this.flushRequired = boot.records('tlb_ubc', ['flush_required'], cpuCount, place).flush_required;
    this.#masks = boot.records('tlb_ubc_cpumask', ['bits'], cpuCount, {
      ...place,
      stride: Math.ceil(cpuCount / 256) * 8,
    }).bits;
  }

  /** `tlb_ubc.arch.cpumask`: the union of the masks of the mms whose entries were cleared. */
  cpuMask(cpu: number): Mask {
    return this.#masks(cpu) as number as Mask;
  }
}
