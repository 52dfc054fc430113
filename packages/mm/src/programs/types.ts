import type { KernelCpu, Program, ProgramRef, Sealed } from '@shootdown/core';
import type { Mm } from '../mm.js';

/** Makes the body of a program over memory management. `space` is an mm number throughout. */
export type MmProgram<Args extends readonly number[]> = (
  mm: Mm,
) => (cpu: KernelCpu, ...args: Args) => Program<number | void>;

/** The same of a program that gets its last argument sealed: a generation, which never repeats. */
export type MmProgramOfSealed<Args extends readonly number[]> = (
  mm: Mm,
) => (cpu: KernelCpu, ...args: [...Args, sealed: Sealed]) => Program<number | void>;

/** The programs of memory management, each replaceable under its name. */
export interface MmPrograms {
  /** `inc_mm_tlb_gen`: locked increment, a full barrier. Returns the new generation. */
  readonly nextGeneration: MmProgram<[space: number]>;
  /** `flush_tlb_func_common`: F(c). Interrupts off. */
  readonly flushTlbFunc: MmProgramOfSealed<[space: number, firstPage: number, pageCount: number]>;
  /** `__flush_tlb_one_user` for each page of a range. Interrupts off. */
  readonly flushRange: MmProgram<[asid: number, firstPage: number, pageCount: number]>;
  /** `flush_tlb_func_remote`: reads the request record behind the pointer, then F(c). */
  readonly flushTlbFuncRemote: MmProgram<[info: number]>;
  /** `do_kernel_range_flush`: kernel addresses have no generation. Interrupts off. */
  readonly flushKernelRange: MmProgram<[firstPage: number, pageCount: number]>;
  /** `switch_mm_irqs_off`. Interrupts off. */
  readonly switchMm: MmProgram<[next: number]>;
  /** `enter_lazy_tlb`: a kernel thread borrows the loaded mm. */
  readonly enterLazyTlb: MmProgram<[]>;
  /** `leave_mm`: deep idle gives the borrowed mm up. Interrupts off. */
  readonly leaveMm: MmProgram<[]>;
  /** `alloc_page`: a free frame, preferably the page's own. Returns it. */
  readonly allocatePage: MmProgram<[space: number, page: number]>;
  /** `__pte_alloc`: puts the page's table back in place, once it is free. */
  readonly allocateTable: MmProgram<[space: number, page: number]>;
  /** `handle_mm_fault`: maps an absent page, makes a write-protected one writable. */
  readonly handleMmFault: MmProgram<[space: number, page: number, isStore: number]>;
  /** `tlb_gather_mmu`: an empty batch. Returns it. */
  readonly tlbGatherMmu: MmProgram<[]>;
  /** One page of `zap_pte_range`: clears the entry atomically and gathers the frame. Returns 1 when there was one. */
  readonly zapPte: MmProgram<[space: number, page: number, batch: number]>;
  /** `unmap_vmas`: zaps the range under the page-table lock. Returns how many pages were mapped. */
  readonly unmapVmas: MmProgram<[space: number, firstPage: number, pageCount: number, batch: number]>;
  /** `free_pgtables`: unhooks the table of the page and gathers it. */
  readonly freePageTables: MmProgram<[space: number, page: number, batch: number]>;
  /** `tlb_finish_mmu`: invalidate, then release. */
  readonly tlbFinishMmu: MmProgram<[kind: number, space: number, firstPage: number, pageCount: number, batch: number]>;
  /** The only way in which a page or a table becomes re-usable. */
  readonly freeBatch: MmProgram<[batch: number]>;
  /** `zap_page_range`: MADV_DONTNEED. */
  readonly zapPageRange: MmProgram<[space: number, firstPage: number, pageCount: number]>;
  /** `unmap_region`: munmap, with the tables that the range fills. */
  readonly unmapRegion: MmProgram<[space: number, firstPage: number, pageCount: number]>;
  /** `change_protection` (`kind` protect) or page cleaning (`kind` cleanDirty): takes rights away from a range. */
  readonly changeProtection: MmProgram<[kind: number, space: number, firstPage: number, pageCount: number]>;
  /** `flush_tlb_batched_pending`: reclaim cleared entries of this mm and owes the flush. Under the page-table lock. */
  readonly flushBatchedPending: MmProgram<[space: number]>;
  /** `try_to_unmap_one` with TTU_BATCH_FLUSH: clears the entry, defers the flush. Returns 1 when there was one. */
  readonly tryToUnmapOne: MmProgram<[space: number, page: number, batch: number]>;
  /** `try_to_unmap_flush`: one flush for the whole batch. */
  readonly tryToUnmapFlush: MmProgram<[]>;
  /** `shrink_page_list` over a range: unmap each page, flush once, release. */
  readonly shrinkPageList: MmProgram<[space: number, firstPage: number, pageCount: number]>;
}

type ArgsOf<F> =
  F extends MmProgram<infer Args> ? Args : F extends MmProgramOfSealed<infer Args> ? [...Args, sealed: number] : never;

/** The registered programs, for `cpu.call`. */
export type MmRefs = { readonly [Name in keyof MmPrograms]: ProgramRef<ArgsOf<MmPrograms[Name]>> };
