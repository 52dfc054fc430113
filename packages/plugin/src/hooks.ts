import type { Cpu, Program, Word } from '@shootdown/core';
import type { FlushRequest } from './flush-request.js';

/** Result of `chooseAsid` that leaves the choice to the kernel. */
export const KERNEL_CHOOSES = -1;

/**
 * A kernel thread on every CPU (`smpboot_register_percpu_thread`). It has no mm: it borrows the one that is loaded, in lazy TLB mode
 * (`enter_lazy_tlb`), so `flushHere` gives that mm up instead of flushing it page by page, and the thread that it has displaced loads it
 * anew. While it runs, other initiators see `isLazy`. It displaces other threads at once and is displaced by none (SCHED_FIFO).
 */
export interface KernelThread {
  /**
   * The thread of this CPU sleeps while its word is 0; waking takes the word back to 0 in the same step. To write the word is no
   * wake-up by itself: the scheduler looks when the CPU is idle (which costs no interrupt), at the end of every interrupt that finds
   * preemption on, and at the end of `flush`. A CPU in user mode looks when it is interrupted, by a vector of the strategy for instance.
   * Each thread and CPU has a word of its own. While `flush` waits on a CPU, the threads of that CPU do not run.
   */
  wake(cpu: number): Word;
  /** What it does once per wake-up, in process context with interrupts on. It may wait; no other thread of the CPU runs meanwhile. */
  run(cpu: Cpu): Program;
}

/**
 * Programs that the kernel runs for a strategy. Only `flush` is required.
 *
 * | hook | interrupts | placed | may wait | result |
 * |---|---|---|---|---|
 * | `flush` | on, preemption off | after the page table was changed, before the caller goes on | yes, with interrupts on | none |
 * | `handlers[vector]` | off | after entry and EOI, before IRET | only for what needs no interrupt of this CPU | none |
 * | `mayAccessUser` | off, in an NMI | before the NMI handler touches user memory | no, loads only | may it? |
 * | `chooseAsid` | off | in `switch_mm`, before the new context's generation is compared; with global ASIDs also in `flushHere` | no | ASID, or `KERNEL_CHOOSES` |
 * | `beforeLoadCr3` | off | in `switch_mm`, after `mm_cpumask` changed, right before the CR3 write | no | none |
 * | `afterLoadCr3` | off | in `switch_mm`, right after the CR3 write | no | none |
 * | `tick` | off | in the timer interrupt, after EOI; the timers run only for a strategy that has this hook | no | none |
 * | `kernelEntry` | off | after a user-to-kernel transition and its CR3 write, before anything else | no | none |
 * | `returnToUser` | off | last before the exit's CR3 write and the return to user mode | no | none |
 * | `enterIdle` | off | after the CPU became lazy, before HLT; with `threads` before MWAIT on their wake words | no | none |
 * | `leaveIdle` | off | after HLT or MWAIT, before the next thread is chosen | no | none |
 * | `release` | on | after `flush` returned, instead of the kernel making the batch reusable | yes | none |
 * | `beforeReuse` | on | before the allocator hands a free frame out | no | may it be handed out now? |
 * | `vmEntry` | off | on the host of a virtual CPU, before it runs again | no | none |
 * | `threads[name].run` | on | when its wake word was set and the scheduler picked it | yes | none |
 *
 * Where a hook may not wait nothing stops it: a wait there that is never satisfied ends as DEADLOCK or NEVER_FINISHES in a
 * timed run, and as C6 in an exploration.
 */
export interface Hooks {
  /** Carries out one request on every CPU that needs it: its return is the guarantee. Never nested on one CPU. */
  flush(cpu: Cpu, request: FlushRequest): Program;
  /** Handlers of the vectors that `env.vector` named. The kernel does entry, EOI and return. */
  readonly handlers?: { readonly [vector: string]: (cpu: Cpu) => Program };
  /** Asked by `nmi_uaccess_okay()` when the kernel itself sees no objection. */
  mayAccessUser?(cpu: Cpu): Program<boolean>;
  /** Which ASID the CPU loads for the mm. A chosen ASID is loaded without a flush: the strategy answers for its entries. */
  chooseAsid?(cpu: Cpu, mm: number): Program<number>;
  /** `mm` is the one about to be loaded, `INIT_MM` among them. */
  beforeLoadCr3?(cpu: Cpu, mm: number): Program;
  /** `mm` is the one just loaded, `INIT_MM` among them. */
  afterLoadCr3?(cpu: Cpu, mm: number): Program;
  /** In every timer interrupt. */
  tick?(cpu: Cpu): Program;
  /** First thing in the kernel after user mode. */
  kernelEntry?(cpu: Cpu): Program;
  /** Last thing in the kernel before user mode. */
  returnToUser?(cpu: Cpu): Program;
  /** Before the CPU halts; it is lazy already. */
  enterIdle?(cpu: Cpu): Program;
  /** When the CPU has woken up. */
  leaveIdle?(cpu: Cpu): Program;
  /**
   * Takes charge of a batch of pages, table pages and addresses: reusable when the strategy has called `kernel.release` with it, from any
   * hook and on any CPU. An unmap whose guarantee is deferred is judged at that call. Called on the CPU of the flush, right after it.
   */
  release?(cpu: Cpu, batch: number): Program;
  /** False means not yet: the allocator takes another frame, or asks again later. */
  beforeReuse?(cpu: Cpu, frame: number): Program<boolean>;
  /** Before the host lets a virtual CPU run again. */
  vmEntry?(cpu: Cpu): Program;
  /** Threads of the strategy on every CPU, by name. */
  readonly threads?: { readonly [name: string]: KernelThread };
}
