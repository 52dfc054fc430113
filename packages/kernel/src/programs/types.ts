import type { KernelCpu, Program, ProgramRef } from '@shootdown/core';
import type { MmPrograms, MmSteps } from '@shootdown/mm';
import type { CallFunctionPrograms, CallFunctionSteps } from '@shootdown/smp-call-function';
import type { Kernel } from '../kernel.js';

/** Makes the body of a kernel or user program. */
export type KernelProgram<Args extends readonly number[]> = (
  kernel: Kernel,
) => (cpu: KernelCpu, ...args: Args) => Program<number | void>;

type Range = [mm: number, firstPage: number, pageCount: number];

/** The programs of the kernel proper and of its user threads, each replaceable under its name. */
export interface KernelPrograms {
  /** The port to the strategy: preemption off, safety marks, the strategy's `flush`. The only caller of that hook. */
  readonly flush: KernelProgram<[kind: number, mm: number, firstPage: number, pageCount: number]>;
  /** madvise(MADV_DONTNEED). */
  readonly sysMadvise: KernelProgram<Range>;
  /** munmap, with the page tables that the range fills. */
  readonly sysMunmap: KernelProgram<Range>;
  /** mprotect to read-only. */
  readonly sysMprotect: KernelProgram<Range>;
  /** msync: write permission and D go before the pages are written back. */
  readonly sysMsync: KernelProgram<Range>;
  /** madvise(MADV_PAGEOUT): reclaim in the process's own context. */
  readonly sysPageout: KernelProgram<Range>;
  /** sched_yield to a given thread. */
  readonly sysSchedYield: KernelProgram<[thread: number, mm: number]>;
  /** `do_page_fault`. */
  readonly doPageFault: KernelProgram<[page: number, isStore: number, fromUser: number]>;
  /** `context_switch`: `switch_mm` or `enter_lazy_tlb`, then the other thread. `mm` is the other thread's, or `INIT_MM`. */
  readonly contextSwitch: KernelProgram<[thread: number, mm: number]>;
  /** `preempt_schedule`, `preempt_schedule_irq`: the present thread gives way to kernel threads that were woken, and goes on. */
  readonly preemptSchedule: KernelProgram<[from: number, wasUser: number]>;
  /** `__schedule`, as far as it chooses among kernel threads. */
  readonly schedule: KernelProgram<[]>;
  /** `smpboot_thread_fn`: the loop of a kernel thread of the strategy, by its position. */
  readonly smpbootThreadFn: KernelProgram<[position: number]>;
  /** The idle loop; `deep` gives the borrowed mm up first (`leave_mm`). */
  readonly idle: KernelProgram<[deep: number]>;
  /** Both call-function vectors: entry, EOI, the queue. */
  readonly callFunctionInterrupt: KernelProgram<[]>;
  /** The NMI handler with the body that the environment states. */
  readonly nmi: KernelProgram<[]>;
  /** `nmi_uaccess_okay`. Returns 1 when user memory may be touched. */
  readonly nmiUaccessOkay: KernelProgram<[]>;
  /** The local timer's interrupt: entry, EOI, the strategy's `tick`. */
  readonly timerInterrupt: KernelProgram<[]>;
  /** Host of a virtual CPU: it has taken the physical CPU away. */
  readonly stealTimeSetPreempted: KernelProgram<[]>;
  /** Host of a virtual CPU: it is about to give the physical CPU back. */
  readonly recordStealTime: KernelProgram<[]>;
  /** The body of a probe inside an interrupt handler. */
  readonly probe: KernelProgram<[]>;
  /** A system call that queues a call of `calledAhead` on another CPU and does not wait for it. */
  readonly callAhead: KernelProgram<[target: number, kernelThread: number]>;
  /** A function that other code asks a CPU to run: it reads user memory in the interrupt handler. */
  readonly calledAhead: KernelProgram<[info: number]>;
  /** An access to user memory with interrupts off: by kernel code in a system call, or by user code through iopl. */
  readonly accessWithInterruptsOff: KernelProgram<[page: number, isStore: number]>;
  /** One measured operation: the call, then the touch. `operation` and `touch` are positions in `OPERATIONS` and `TOUCHES`. */
  readonly operation: KernelProgram<
    [operation: number, mm: number, firstPage: number, pageCount: number, touch: number, kernelThread: number]
  >;
  /** Gives back what an operation without a touch took away. Not part of the operation. */
  readonly restore: KernelProgram<[mm: number, firstPage: number, pageCount: number, kernelThread: number]>;
}

/** Everything that can be replaced: the kernel's programs, memory management's and the cross-call machinery's. */
export type LinuxPrograms = KernelPrograms & MmPrograms & CallFunctionPrograms;

/** The parts of those programs that can be replaced without the rest of the program. */
export type LinuxSteps = MmSteps & CallFunctionSteps;

type ArgsOf<F> = F extends KernelProgram<infer Args> ? Args : never;

/** The registered programs, for `cpu.call`. */
export type KernelRefs = { readonly [Name in keyof KernelPrograms]: ProgramRef<ArgsOf<KernelPrograms[Name]>> };
