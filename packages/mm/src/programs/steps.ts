import type { KernelCpu, Program, Sealed } from '@shootdown/core';
import type { Mm } from '../mm.js';

/** Part of a program that runs in the program's own frame. `space` is an mm number throughout. */
export type MmStep<Args extends readonly unknown[], Result = void> = (
  mm: Mm,
  cpu: KernelCpu,
  ...args: Args
) => Program<Result>;

/** The steps of memory management's programs, each replaceable under its name. They read each other from `mm.steps`. */
export interface MmSteps {
  /** Of `flush_tlb_func_common`: whether the request may be flushed page by page. */
  readonly isPartialFlushEnough: (cpu: KernelCpu, generation: Sealed, local: Sealed, newest: Sealed) => boolean;
  /** Of `flush_tlb_func_common`: page by page. */
  readonly flushPages: MmStep<[asid: number, firstPage: number, pageCount: number]>;
  /** Of `flush_tlb_func_common`: everything of the loaded mm. */
  readonly flushAll: MmStep<[loaded: number, asid: number]>;
  /** `invalidate_user_asid`. */
  readonly invalidateUserAsid: MmStep<[asid: number]>;
  /** Of `switch_mm_irqs_off`: another mm than the loaded one. */
  readonly switchContext: MmStep<[previous: number, next: number]>;
  /** Of `switch_mm_irqs_off`: the mm that is loaded, after lazy TLB mode. */
  readonly leaveLazy: MmStep<[next: number, asid: number]>;
  /** Of `switch_mm_irqs_off` and `flush_tlb_func`: whether the loaded mm has to be loaded under another ASID. */
  readonly needsOtherAsid: MmStep<[space: number, asid: number], boolean>;
  /** Of `switch_mm_irqs_off`: does that. */
  readonly changeAsid: MmStep<[space: number]>;
  /** Of `flush_tlb_func`: the loaded ASID, after that. */
  readonly asidToFlush: MmStep<[loaded: number], number>;
  /** `choose_new_asid`. Returns 2 · asid + (1 when it has to be flushed). */
  readonly chooseNewAsid: MmStep<[next: number, newest: number], number>;
  /** `load_new_mm_cr3` and the bookkeeping around it. */
  readonly loadCr3: MmStep<[next: number, asid: number, newest: number, flush: boolean]>;
  /** Of `tlb_finish_mmu` and `shrink_page_list`: the pages of a batch go back, or to the strategy. */
  readonly releaseBatch: MmStep<[batch: number]>;
  /** Of `alloc_page`: the frame that is looked at first. */
  readonly firstFrame: MmStep<[space: number, page: number], number>;
  /** `wp_page_reuse`: a store met a write-protected page. */
  readonly reuseWritable: MmStep<[space: number, page: number]>;
  /** `set_tlb_ubc_flush_pending`: reclaim defers a flush. */
  readonly setFlushPending: MmStep<[space: number]>;
  /** `arch_tlbbatch_add_mm`: the CPUs of the mm join the batch. */
  readonly addCpus: MmStep<[space: number]>;
}
