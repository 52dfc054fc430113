import { type Boot, type Word, wordAt } from '@shootdown/core';
import type { MmLayout } from './options.js';

const HEAD = ['loaded_mm', 'loaded_mm_asid', 'is_lazy', 'user_pcid_flush_mask'] as const;

/**
 * `cpu_tlbstate` (arch/x86/include/asm/tlbflush.h): line 0 holds the head and ctxs[0..1], the next lines the other
 * contexts. Each context is a pair (ctx_id, tlb_gen).
 *
 * Invariant: the TLB never holds, for ASID slot k, an entry older than what the mm looked like at `ctxs[k].tlb_gen`.
 */
export class CpuTlbState {
  readonly loadedMm: (cpu: number) => Word;
  readonly loadedAsid: (cpu: number) => Word;
  /** The CPU runs a kernel thread on a borrowed mm: flushes that free no table may skip it. */
  readonly isLazy: (cpu: number) => Word;
  /** Bit per ASID: flush the user PCID at the next return to user mode (PTI). */
  readonly userPcidFlushMask: (cpu: number) => Word;
  /** ASID that the next new context takes. Only `switch_mm` reads it. */
  readonly nextAsid: (cpu: number) => Word;
  /**
   * PTI: 1 + root · asids + asid of the page tables of the kernel's CR3. Stands for the CR3 register, which the entry code reads.
   */
  readonly kernelCr3: (cpu: number) => Word;
  /** PTI: CR3 holds the user PCID, so an entry has to change it. Stands for bit 11 of the CR3 register. */
  readonly userCr3: (cpu: number) => Word;

  constructor(boot: Boot, layout: MmLayout) {
    const { cpuCount, asids } = boot.shape;
    const home = (cpu: number): number => cpu;
    const stride = Math.ceil((HEAD.length + 2 * asids) / 8) * 8;
    const state = boot.records('cpu_tlbstate', HEAD, cpuCount, { home, stride });
    this.loadedMm = state.loaded_mm;
    this.loadedAsid = state.loaded_mm_asid;
    this.userPcidFlushMask = state.user_pcid_flush_mask;
    this.isLazy =
      layout.cpuTlbState === 'together'
        ? state.is_lazy
        : boot.records('cpu_tlbstate_shared', ['is_lazy'], cpuCount, { home }).is_lazy;
    const own = boot.records('cpu_cr3', ['next_asid', 'kernel_cr3', 'user_cr3'], cpuCount, { home, wordClass: 'cpu' });
    this.nextAsid = own.next_asid;
    this.kernelCr3 = own.kernel_cr3;
    this.userCr3 = own.user_cr3;
  }

  contextId(cpu: number, asid: number): Word {
    return wordAt(this.loadedMm(cpu), HEAD.length + 2 * asid);
  }
  /** `ctxs[asid].tlb_gen`. */
  generation(cpu: number, asid: number): Word {
    return wordAt(this.loadedMm(cpu), HEAD.length + 2 * asid + 1);
  }
}
