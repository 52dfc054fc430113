import type { FlushKind, Mask } from '@shootdown/core';

/** `pageCount` of a request that covers everything (`end == TLB_FLUSH_ALL`). The value that memory management uses. */
export const ALL_PAGES = -1;
/** The mm number of `init_mm`, which has kernel mappings only. User mms count from 0. */
export const INIT_MM = -1;
/** What `KernelView.loadedMm` says while a CPU changes CR3 (LOADED_MM_SWITCHING). */
export const SWITCHING = -2;
/** `mm` of a request that names none: whatever a CPU has loaded is meant (`info.mm == NULL`). */
export const ANY_MM = -3;

/**
 * What the kernel asks a strategy for: frozen numbers, valid on the initiating CPU until `flush` returns.
 * Another CPU learns of them only through words.
 *
 * | kind | caller | mm | cpus |
 * |---|---|---|---|
 * | `unmap` | zap, munmap without freed tables | the mm | `mm_cpumask(mm)` |
 * | `protect` | mprotect, write-protect, NUMA hints | the mm | `mm_cpumask(mm)` |
 * | `cleanDirty` | D bit cleared before write-back | the mm | `mm_cpumask(mm)` |
 * | `freeTable` | munmap whose page tables are freed: lazy CPUs count too, for they walk speculatively | the mm | `mm_cpumask(mm)` |
 * | `reclaim` | `arch_tlbbatch_flush`: every unmapped page has already incremented its own `tlb_gen` | `ANY_MM` | the mask of the batch |
 * | `kernel` | `flush_tlb_kernel_range` | `INIT_MM` | every online CPU |
 */
export interface FlushRequest {
  /** Why it is asked for. */
  readonly kind: FlushKind;
  /** Number of the address space, `ANY_MM` or `INIT_MM`. */
  readonly mm: number;
  /** First virtual page; 0 when everything is asked for. */
  readonly firstPage: number;
  /** 4 KiB pages, or `ALL_PAGES`. A range beyond the single-page ceiling arrives as it is: `KernelView.flushHere` applies the ceiling. */
  readonly pageCount: number;
  /** CPUs that may hold what is flushed. The mask is live: read it after `nextGeneration` (arch/x86/mm/tlb.c, `flush_tlb_mm_range`). */
  readonly cpus: Mask;
}
