import type { KernelCpu, Program, ProgramRef } from '@shootdown/core';
import { INIT_MM } from '@shootdown/mm';
import type { Kernel } from './kernel.js';
import { preemptEnabled } from './programs/schedule.js';
import { userThread } from './threads.js';

/**
 * Who has the CPU while a thread is away.
 *
 * - `lazy`: a kernel thread that borrows the mm, in lazy TLB mode (`enter_lazy_tlb`).
 * - `idle`: a kernel thread that gives the mm up for deep idle (`leave_mm`).
 * - `other`: a user thread of the next mm, so that the CPU switches twice between two mms.
 */
export const SLEEPS = ['lazy', 'idle', 'other'] as const;
export type Sleep = (typeof SLEEPS)[number];

export interface SleeperOptions {
  readonly cpu: number;
  readonly mm: number;
  readonly page: number;
  readonly access: 'read' | 'write';
  readonly sleep: Sleep;
}

/**
 * A user thread that uses its page, is away once, and then uses the page for ever: what its CPU has cached before meets
 * what was flushed meanwhile. Returns its number.
 */
export function addSleeper(kernel: Kernel, options: SleeperOptions): number {
  const { cpu, mm, sleep } = options;
  const sleeper = kernel.boot.threads.length;
  const stand = sleeper + 1;
  const standMm = sleep === 'other' ? mm + 1 : INIT_MM;
  const use = usesForEver(kernel, options);
  const start = kernel.boot.program(`sleeper${cpu}`, function* (it: KernelCpu): Program<number | void> {
    yield* accessOnce(it, options);
    yield* it.call(kernel.programs.sysSchedYield, stand, standMm);
    return yield* it.become(use);
  });
  userThread(kernel, { name: `sleeper${cpu}`, cpu, mm, daemon: true }, start, []);
  if (sleep === 'other') addOther(kernel, cpu, standMm, sleeper, mm);
  else addKernelThread(kernel, cpu, sleeper, mm, sleep === 'idle');
  return sleeper;
}

function usesForEver(kernel: Kernel, options: SleeperOptions): ProgramRef<[]> {
  const program: ProgramRef<[]> = kernel.boot.program(`user${options.cpu}`, function* (it: KernelCpu): Program<
    number | void
  > {
    yield* accessOnce(it, options);
    return yield* it.become(program);
  });
  return program;
}

function* accessOnce(it: KernelCpu, { page, access }: SleeperOptions): Program {
  if (access === 'read') yield* it.userLoad(page);
  else yield* it.userStore(page, 1);
}

/** A thread of another process: it runs in user mode, touches nothing and gives the CPU back. */
function addOther(kernel: Kernel, cpu: number, mm: number, next: number, nextMm: number): void {
  const body = kernel.boot.program(`other${cpu}`, function* (it: KernelCpu): Program {
    yield* it.call(kernel.programs.sysSchedYield, next, nextMm);
  });
  userThread(kernel, { name: `other${cpu}`, cpu, mm, daemon: true }, body, []);
}

/** A kernel thread, first switched to with interrupts off. A deep one leaves the mm as the idle loop does. */
function addKernelThread(kernel: Kernel, cpu: number, next: number, nextMm: number, deep: boolean): void {
  const { boot, hooks } = kernel;
  const body = boot.program(`kthread${cpu}`, function* (it: KernelCpu): Program {
    if (deep) yield* it.call(kernel.mm.programs.leaveMm);
    if (deep && hooks.enterIdle !== undefined) yield* it.call(hooks.enterIdle);
    yield* it.enableInterrupts();
    if (deep && hooks.leaveIdle !== undefined) {
      yield* it.disableInterrupts();
      yield* it.call(hooks.leaveIdle);
      yield* it.enableInterrupts();
    }
    yield* preemptEnabled(kernel, it);
    yield* it.call(kernel.programs.contextSwitch, next, nextMm);
  });
  boot.thread(`kthread${cpu}`, cpu, body, [], { daemon: true });
}
