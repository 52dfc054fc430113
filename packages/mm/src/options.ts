import type { MmCosts } from './costs.js';
import type { MmPrograms, MmSteps } from './programs/index.js';

/** Which fields share a line, and where the request record lies. */
export interface MmLayout {
  /**
   * - `together`: `is_lazy` lies in `cpu_tlbstate` beside what the CPU writes at every flush (Linux 5.2).
   * - `lazyApart`: `is_lazy` has a line of its own (RFC v2 patch 08, merged as 2f4305b19fe6).
   */
  readonly cpuTlbState: 'together' | 'lazyApart';
  /** `flush_tlb_info` on the initiator's stack (Linux 5.1, RFC v2 patch 12) or one aligned record per CPU (3db6d5a5eca). */
  readonly flushInfo: 'stack' | 'perCpu';
}

/** The base of the RFC of May 2019: `flush_tlb_info` had just become a per-CPU record. */
export const BASE_MM_LAYOUT: MmLayout = { cpuTlbState: 'together', flushInfo: 'perCpu' };

export interface MmOptions {
  /** User address spaces, numbered from 0. */
  readonly mmCount: number;
  readonly layout: MmLayout;
  readonly costs: MmCosts;
  /** `tlb_single_page_flush_ceiling`: a longer range becomes a full flush. 33 in arch/x86/mm/tlb.c. */
  readonly singlePageFlushCeiling: number;
  /**
   * Order within `switch_mm_irqs_off`: `maskFirst` as in Linux 5.2 (mm_cpumask first, LOADED_MM_SWITCHING later), or
   * `switchingFirst` as since the global-ASID change. The first order leaves a window for an NMI that looks at `loaded_mm`.
   */
  readonly switchOrder: 'maskFirst' | 'switchingFirst';
  /**
   * Which free frame an allocation takes: the first one from the page's own on; any (a choice that is explored); or the first one behind
   * the one that the CPU took last, which finds one at once while the frames of earlier unmaps wait for their release in turn.
   */
  readonly frameChoice: 'firstFree' | 'choose' | 'nextFree';
  /** Pages that one `mmu_gather` batch holds; a longer range is flushed in pieces. */
  readonly gatherPages: number;
  /** Where released pages go: back to the allocator, or to a device (memory hot-remove), which keeps them. */
  readonly releaseTo: 'allocator' | 'device';
  /** Gather batches per CPU. More than one lets a strategy keep batches back and release them later. */
  readonly batchesPerCpu: number;
  /** Normally `mmPrograms`. */
  readonly programs: MmPrograms;
  /** Normally `mmSteps`. */
  readonly steps: MmSteps;
}
