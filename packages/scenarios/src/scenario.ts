import type { Assumptions } from './assumptions.js';

/**
 * The memory-management operation that one iteration performs on `pages` consecutive pages.
 *
 * - `madvise`: madvise(MADV_DONTNEED), the pages are unmapped and the mapping stays (mm/madvise.c, `zap_page_range`).
 * - `munmap`: the mapping goes, and the page tables that held nothing else are freed with it (mm/mmap.c, `unmap_region`).
 * - `mprotect`: write permission is taken away (mm/mprotect.c, `change_protection`).
 * - `reclaim`: one batch of unmapped pages, ended by one full flush (mm/rmap.c, `try_to_unmap_flush`).
 */
export type ScenarioOperation = 'madvise' | 'munmap' | 'mprotect' | 'reclaim';

/**
 * What the CPUs of the other threads do.
 *
 * - `busy`: they spin in user mode and touch nothing.
 * - `lazy`: their threads sleep; the idle task has kept the mm loaded, in lazy TLB mode (`enter_lazy_tlb`).
 * - `idle`: their threads sleep; deep idle has switched to init_mm and left mm_cpumask (`leave_mm`).
 */
export type BystanderActivity = 'busy' | 'lazy' | 'idle';

/**
 * How the initiator uses the pages inside a timed iteration, after the operation.
 *
 * - `write`, `read`: a store or a load to each page, which faults it back in.
 * - `none`: nothing. What the operation took away is given back between iterations, outside the measured time.
 */
export type ScenarioTouch = 'write' | 'read' | 'none';

/** How often the timed driver runs the scenario. */
export interface TimedBounds {
  /** Measured iterations of each initiator. */
  readonly iterations: number;
  /** Iterations of each initiator before the first measured one. */
  readonly warmUp: number;
}

/** How few of everything the exploring driver runs, so that the graph of all interleavings stays finite and small. */
export interface ExploredBounds {
  readonly cpus: number;
  /** Flushes of each initiator. */
  readonly flushes: number;
  /** Non-maskable interrupts in the whole machine, at any point of any CPU. */
  readonly nmis: number;
  /**
   * How busy bystanders use the flushed page, for ever. In the explored machine they always use it: a cell in which
   * nobody does proves nothing.
   */
  readonly access: 'read' | 'write';
}

/** What a scenario assumes: all but what the machine profile decides. */
export type ScenarioAssumptions = Omit<Assumptions, 'icr'>;

/** A workload. It says nothing about the strategy, the machine or the number of threads: those vary in a comparison. */
export interface Scenario {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Message-ids, commits or documents that the workload comes from. */
  readonly references: readonly string[];
  readonly operation: ScenarioOperation;
  /** Pages of 4 KiB per operation, unless the comparison varies them. */
  readonly pages: number;
  /** Threads that perform the operation at the same time. The other threads are bystanders. */
  readonly initiators: number;
  /** False: the initiator is a kernel thread that has not loaded the mm, so its own TLB holds nothing to flush. */
  readonly initiatorRunsMm: boolean;
  readonly bystanders: BystanderActivity;
  readonly touch: ScenarioTouch;
  readonly timed?: TimedBounds;
  readonly explored?: ExploredBounds;
  readonly assumptions: ScenarioAssumptions;
  /** What the sources leave open and this scenario decides, one sentence for each choice. */
  readonly choices: readonly string[];
}
