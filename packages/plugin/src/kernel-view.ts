import type { Cpu, Group, Mask, Program, ProgramRef, Word } from '@shootdown/core';

/**
 * The request record of each CPU, `struct flush_tlb_info` (arch/x86/include/asm/tlbflush.h, Linux 5.2: 40 bytes).
 * Where it lies is `Layout.flushInfo`.
 */
export interface FlushInfo {
  /** First of five consecutive words: mm, first page, page count, generation, freed tables. What a called function is given. */
  pointer(cpu: number): Word;
  /** Lifetime group of the record (contract C8). */
  group(cpu: number): Group;
  /**
   * `get_flush_tlb_info`: fills the record of the CPU that runs it. `shared`: other CPUs read it in place from now on and
   * nobody writes it until the flush is over; otherwise it stays this CPU's own, to be copied.
   */
  fill(
    cpu: Cpu,
    mm: number,
    firstPage: number,
    pageCount: number,
    generation: number,
    freedTables: boolean,
    shared: boolean,
  ): Program;
}

/** Words of the kernel that a strategy may read and write, and programs of the kernel that it may call. */
export interface KernelView {
  /** `mm_cpumask`: CPUs that run the mm, lazily or not. */
  cpuMask(mm: number): Mask;
  /** `cpu_online_mask`. */
  readonly onlineCpus: Mask;
  /** `mm->context.tlb_gen`. */
  generation(mm: number): Word;
  /** `cpu_tlbstate.loaded_mm`: the mm whose tables the CPU has loaded; `INIT_MM` while it runs none, `SWITCHING` while it changes CR3. */
  loadedMm(cpu: number): Word;
  /** `cpu_tlbstate.loaded_mm_asid`. */
  loadedAsid(cpu: number): Word;
  /** `cpu_tlbstate.ctxs[asid].tlb_gen`: how far this CPU's entries of the ASID have caught up. */
  caughtUp(cpu: number, asid: number): Word;
  /** `cpu_tlbstate.is_lazy`. */
  isLazy(cpu: number): Word;
  /** PCID of an ASID's kernel entries (`kern_pcid`); without PTI of all its entries. */
  kernelPcid(asid: number): number;
  /** PCID of an ASID's user entries under PTI (`user_pcid`). */
  userPcid(asid: number): number;
  /** `tlb_single_page_flush_ceiling`: `flushHere` flushes everything when more pages are asked for. */
  readonly singlePageFlushCeiling: number;
  /** The request record of each CPU. */
  readonly flushInfo: FlushInfo;
  /**
   * `kvm_steal_time.preempted` of a virtual CPU, bits of `StealTime`. The host sets `preempted` when it takes the CPU away; the guest
   * may add `flushTlb` while that is set (by compare-exchange), and the host flushes before the CPU runs again. Absent on real CPUs.
   */
  readonly preempted?: (cpu: number) => Word;

  /**
   * `inc_mm_tlb_gen`: locked increment of `tlb_gen`, a full barrier; the result is the new value. The strategy calls it
   * once per request, before it reads a mask. `ANY_MM` and `INIT_MM` have no generation: nothing is touched, the result is 0.
   */
  readonly nextGeneration: ProgramRef<[mm: number]>;
  /**
   * `flush_tlb_func_common`, the flush of the CPU that calls it: generation rule, page ceiling and user PCID inside.
   * Interrupts must be off. A CPU that has another mm loaded returns at once; `ANY_MM` means the loaded one, and `INIT_MM`
   * kernel addresses (`do_kernel_range_flush`, `do_flush_tlb_all`).
   */
  readonly flushHere: ProgramRef<[mm: number, firstPage: number, pageCount: number, generation: number]>;
  /** `flush_tlb_func_remote`: reads the record behind the pointer, then does what `flushHere` does. To be registered for cross-calls. */
  readonly flushByInfo: ProgramRef<[info: number]>;
  /** `default_send_IPI_mask_logical` / `__x2apic_send_IPI_mask`: one ICR write per cluster with a CPU in the mask. Interrupts must be off. */
  readonly sendToMask: ProgramRef<[mask: number, vector: number]>;
  /** Makes the batch that the hook `release` was given reusable: its pages, table pages and addresses. */
  readonly release: ProgramRef<[batch: number]>;
}
