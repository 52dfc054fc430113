import type { Cpu, Mask, Op, Program, ProgramRef, RecordPlacement, Records, Vector, Word } from '@shootdown/core';
import type { CallFunction } from '@shootdown/smp-call-function';
import type { KernelView } from './kernel-view.js';

/** Hardware facts that change what a strategy must do. */
export interface Features {
  /** PCIDs: switching the address space need not flush (SDM vol. 3 §4.10.1). */
  readonly pcid: boolean;
  /** Page-table isolation: user mode runs on a PCID of its own. */
  readonly pti: boolean;
  /** INVPCID exists. */
  readonly invpcid: boolean;
  /** An ICR write waits for the store buffer; where it does not, a fence belongs before the send. */
  readonly icrWriteDrainsStores: boolean;
  /** Pages that one `cpu.invlpgb` can name; 0 on a machine without INVLPGB and TLBSYNC. */
  readonly pagesPerInvlpgb: number;
  /** The CPUs are virtual: `KernelView.preempted` exists, and a target may not run for long. */
  readonly virtual: boolean;
}

/** Cycles of straight-line code that no op stands for. All are 0 while a strategy is checked. Names as in a machine profile. */
export interface StrategyCosts {
  /** Start of a flush request: preemption off, filling flush_tlb_info, event counter. */
  readonly flushSetupCycles: number;
  /** Allocating, zeroing and freeing one temporary cpumask. */
  readonly cpumaskAllocCycles: number;
  /** Mask arithmetic that only a send to two or more targets does, its mask allocation apart. */
  readonly multiTargetSetupCycles: number;
  /** Direct call and return, with the arguments. The kernel charges none: its direct calls are part of other figures. */
  readonly directCallCycles: number;
  /** Predicted indirect call and return, with the arguments. */
  readonly indirectCallCycles: number;
  /** What a retpoline adds to an indirect call; 0 when retpolines are off. */
  readonly retpolineExtraCycles: number;
  /** Copy of 16 bytes that both hit the L1 cache. */
  readonly copyPer16BytesCycles: number;
}

/**
 * Boot-time services. Words, vectors and programs are made inside `create()` only; later is LATE_ALLOCATION.
 * Every member may be taken out of the object: `create({ kernel, records, program })`.
 */
export interface Env {
  /** CPUs of the machine, numbered from 0. */
  readonly cpuCount: number;
  /** CPUs that one multicast ICR write reaches: 16 in an x2APIC cluster, 8 in xAPIC flat mode, 1 in physical mode (SDM vol. 3 §11.6.2). */
  readonly clusterSize: number;
  /** User address spaces, numbered from 0. */
  readonly mmCount: number;
  /** Dynamic ASIDs of a CPU (`TLB_NR_DYN_ASIDS`, 6 in Linux 5.2). */
  readonly asidCount: number;
  /**
   * Global ASIDs, numbered from `asidCount` on: the same on every CPU, and kept up to date by broadcast alone. 0 without INVLPGB.
   * What `chooseAsid` answers with one of them is loaded by `switch_mm` and, where another one is loaded, by the flush function.
   */
  readonly globalAsidCount: number;
  /**
   * Batches of pages that a CPU can have between their unmapping and their release; a strategy that holds more back than all but one of
   * them makes the next unmap of that CPU wait. 1 unless its guarantee for unmaps is deferred to the release.
   */
  readonly batchesPerCpu: number;
  /** What the hardware has. */
  readonly features: Features;
  /** What straight-line code takes on this machine, for `spend`. */
  readonly costs: StrategyCosts;
  /** The kernel's words and programs. */
  readonly kernel: KernelView;
  /** The kernel's cross-call machinery (kernel/smp.c) in pieces: csd lock, queue, send, wait. */
  readonly callFunction: CallFunction;
  /** Allocates `count` records: `slot.state(3)` is the word of field `state` of record 3. */
  records<Field extends string>(
    name: string,
    fields: readonly Field[],
    count: number,
    place?: RecordPlacement,
  ): Records<Field>;
  /** Allocates a CPU mask, all bits clear. */
  mask(name: string): Mask;
  /** The word of a mask that holds the bit of a CPU; the bit is `1 << (cpu % 32)`. */
  maskWord(mask: Mask, cpu: number): Word;
  /** Sets the value that a word has at boot; without it, 0. */
  initial(word: Word, value: number): void;
  /** Registers a program, to be used with `cpu.call` and `cpu.become`. At most six integers travel. */
  program<Args extends readonly number[]>(
    name: string,
    body: (cpu: Cpu, ...args: Args) => Program<number | void>,
  ): ProgramRef<Args>;
  /** A vector of one's own. Its handler is `Hooks.handlers[name]`, bound when `create()` has returned. The same name is the same vector. */
  vector(name: string): Vector;
  /** Straight-line code: `yield* spend(cpu, costs.flushSetupCycles)`. No op at all when `cycles` is 0, so a check sees no extra step. */
  spend(cpu: Cpu, cycles: number): Op;
}
