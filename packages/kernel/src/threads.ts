import type { KernelCpu, Program, ProgramRef } from '@shootdown/core';
import { INIT_MM } from '@shootdown/mm';
import { returnToUser } from './entry.js';
import type { Kernel } from './kernel.js';
import { type OperationName, OPERATIONS, type TouchName, TOUCHES } from './programs/workload.js';

/**
 * Declares a user thread. The first thread of a CPU runs at boot; a later one starts when it is first switched to, in
 * kernel mode with interrupts off, and enters user mode from there (ret_from_fork).
 */
export function userThread<Args extends readonly number[]>(
  kernel: Kernel,
  place: { readonly name: string; readonly cpu: number; readonly mm: number; readonly daemon: boolean },
  program: ProgramRef<Args>,
  args: Args,
): number {
  const { boot } = kernel;
  const { name, cpu, mm, daemon } = place;
  if (boot.threads.every((thread) => thread.cpu !== cpu || thread.asleep)) {
    kernel.startCpu(cpu, mm, { lazy: false, user: true });
    return boot.thread(name, cpu, program, args, { user: true, daemon });
  }
  const start = boot.program('ret_from_fork', function* (it: KernelCpu): Program<number | void> {
    yield* it.enableInterrupts();
    yield* returnToUser(kernel, it, 'syscall');
    return yield* it.become(program, ...args);
  });
  return boot.thread(name, cpu, start, [], { daemon });
}

export interface InitiatorOptions {
  readonly cpu: number;
  readonly mm: number;
  readonly operation: OperationName;
  readonly firstPage: number;
  readonly pages: number;
  /** `none`: what the operation took away is given back between operations, outside of them. */
  readonly touch: TouchName;
  /** How many operations. */
  readonly operations: number;
  /** A kernel thread that has not loaded the mm. Default false. */
  readonly kernelThread?: boolean;
}

/** A thread that performs operations one after the other. One run of `kernel.programs.operation` is one of them. Returns its number. */
export function addInitiator(kernel: Kernel, options: InitiatorOptions): number {
  const { cpu, mm, firstPage, pages } = options;
  const isKernelThread = options.kernelThread ?? false;
  const operation = OPERATIONS.indexOf(options.operation);
  const touch = isKernelThread ? 0 : TOUCHES.indexOf(options.touch);
  const flag = isKernelThread ? 1 : 0;
  const target = calledAhead(kernel, cpu);
  const program: ProgramRef<[remaining: number]> = kernel.boot.program(
    `initiator${cpu}`,
    function* (it: KernelCpu, remaining: number): Program<number | void> {
      if (remaining === 0) return;
      if (target >= 0) yield* it.call(kernel.programs.callAhead, target, flag);
      yield* it.call(kernel.programs.operation, operation, mm, firstPage, pages, touch, flag);
      if (touch === 0) yield* it.call(kernel.programs.restore, mm, firstPage, pages, flag);
      return yield* it.become(program, remaining - 1);
    },
  );
  const name = `initiator${cpu}`;
  if (!isKernelThread) return userThread(kernel, { name, cpu, mm, daemon: false }, program, [options.operations]);
  kernel.startCpu(cpu, INIT_MM, { lazy: false, user: false });
  return kernel.boot.thread(name, cpu, program, [options.operations]);
}

/** The CPU that an initiator calls before each operation; -1: none. */
function calledAhead({ environment, shape }: Kernel, cpu: number): number {
  return environment.callAhead === 'touches' && shape.cpuCount > 1 ? (cpu + 1) % shape.cpuCount : -1;
}

/** A number of accesses that never runs out. */
const FOR_EVER = -1;

export interface ToucherOptions {
  readonly cpu: number;
  readonly mm: number;
  readonly firstPage: number;
  readonly pages: number;
  readonly access: 'read' | 'write';
  /** How often. Default: for ever. */
  readonly accesses?: number;
}

/**
 * A user thread that uses the pages, in any order; now and then with interrupts off where the environment says so. Nobody waits for one
 * that does so for ever.
 */
export function addToucher(kernel: Kernel, options: ToucherOptions): number {
  const { cpu, mm, firstPage, pages, access, accesses = FOR_EVER } = options;
  const mayDisable = kernel.environment.interruptsOff !== 'none';
  const isStore = access === 'read' ? 0 : 1;
  const program: ProgramRef<[left: number]> = kernel.boot.program(
    `toucher${cpu}`,
    function* (it: KernelCpu, left: number): Program<number | void> {
      if (left === 0) return;
      const page = firstPage + (pages > 1 ? yield* it.choose(pages) : 0);
      if (mayDisable && (yield* it.choose(2)) === 1)
        yield* it.call(kernel.programs.accessWithInterruptsOff, page, isStore);
      else if (access === 'read') yield* it.userLoad(page);
      else yield* it.userStore(page, 1);
      return yield* it.become(program, left === FOR_EVER ? FOR_EVER : left - 1);
    },
  );
  return userThread(kernel, { name: `toucher${cpu}`, cpu, mm, daemon: accesses === FOR_EVER }, program, [accesses]);
}

/** Cycles of one stretch of busy waiting; an interrupt may come at any point of it. */
const SPIN_CYCLES = 2 ** 30;

/** A user thread that busy-waits and touches no memory. */
export function addSpinner(kernel: Kernel, cpu: number, mm: number): number {
  const program: ProgramRef<[]> = kernel.boot.program(`spinner${cpu}`, function* (it: KernelCpu): Program<
    number | void
  > {
    yield* it.work(SPIN_CYCLES);
    return yield* it.become(program);
  });
  return userThread(kernel, { name: `spinner${cpu}`, cpu, mm, daemon: true }, program, []);
}

export interface YielderOptions extends ToucherOptions {
  /** The thread that gets the CPU after each access, and its mm (`INIT_MM` for a kernel thread). */
  readonly next: { readonly thread: number; readonly mm: number };
  /** Accesses; each is followed by a switch. */
  readonly rounds: number;
}

/** A user thread that shares its CPU: it uses its first page, then yields to another thread, again and again. */
export function addYielder(kernel: Kernel, { cpu, mm, firstPage, access, next, rounds }: YielderOptions): number {
  const program: ProgramRef<[remaining: number]> = kernel.boot.program(
    `yielder${cpu}`,
    function* (it: KernelCpu, remaining: number): Program<number | void> {
      if (remaining === 0) return;
      if (access === 'read') yield* it.userLoad(firstPage);
      else yield* it.userStore(firstPage, 1);
      yield* it.call(kernel.programs.sysSchedYield, next.thread, next.mm);
      return yield* it.become(program, remaining - 1);
    },
  );
  return userThread(kernel, { name: `yielder${cpu}`, cpu, mm, daemon: false }, program, [rounds]);
}

/** The idle thread, on a borrowed mm in lazy TLB mode, or after `leave_mm` when `deep`. */
export function addIdle(kernel: Kernel, cpu: number, mm: number, deep: boolean): number {
  kernel.startCpu(cpu, deep ? INIT_MM : mm, { lazy: !deep, user: false });
  return kernel.boot.thread(`swapper${cpu}`, cpu, kernel.programs.idle, [deep ? 1 : 0], { daemon: true });
}
