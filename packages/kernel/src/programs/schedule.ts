import { type KernelCpu, type Program, ShootdownError, spend } from '@shootdown/core';
import { INIT_MM } from '@shootdown/mm';
import { kernelExit } from '../entry.js';
import type { Kernel } from '../kernel.js';
import type { RunQueue } from '../run-queue.js';
import type { KernelPrograms } from './types.js';

/** `context_switch` (kernel/sched/core.c). The thread that is switched to enables interrupts when it goes on. */
export const contextSwitch: KernelPrograms['contextSwitch'] = (kernel) =>
  function* (cpu, thread, mm) {
    yield* spend(cpu, kernel.costs.schedulerSwitchCycles);
    yield* cpu.disableInterrupts();
    if (mm === INIT_MM) yield* cpu.call(kernel.mm.programs.enterLazyTlb);
    else yield* cpu.call(kernel.mm.programs.switchMm, mm);
    yield* cpu.store(kernel.currentMm(cpu.id), mm);
    if (kernel.runQueue !== undefined) yield* cpu.store(kernel.runQueue.current(cpu.id), thread);
    yield* cpu.switchTo(thread);
    yield* cpu.enableInterrupts();
  };

/**
 * The idle loop (kernel/sched/idle.c): STI directly before HLT, so that no wake-up is lost between them. Where threads can be woken
 * the CPU waits with MWAIT on what wakes them (TIF_POLLING_NRFLAG): it needs no interrupt, but the same time to wake up.
 */
export const idle: KernelPrograms['idle'] = (kernel) =>
  function* (cpu, deep) {
    yield* cpu.disableInterrupts();
    if (deep !== 0) yield* cpu.call(kernel.mm.programs.leaveMm);
    if (kernel.hooks.enterIdle !== undefined) yield* cpu.call(kernel.hooks.enterIdle);
    yield* cpu.enableInterrupts();
    if (kernel.runQueue === undefined) yield* cpu.halt();
    else yield* awaitWakeUp(kernel, kernel.runQueue, cpu);
    if (kernel.hooks.leaveIdle !== undefined) {
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.hooks.leaveIdle);
      yield* cpu.enableInterrupts();
    }
    yield* preemptEnabled(kernel, cpu);
    return yield* cpu.become(kernel.programs.idle, deep);
  };

function* awaitWakeUp({ costs }: Kernel, { wakeWords }: RunQueue, cpu: KernelCpu): Program {
  yield* cpu.waitAny(wakeWords(cpu.id), 'notEqual', 0);
  yield* spend(cpu, costs.haltWakeCycles);
}

/** How `preemptSchedule` was reached: called by kernel code, or put above the kernel or user code that an interrupt has met. */
const From = { call: 0, kernel: 1, user: 2 } as const;

/** What `preempt_enable()` does besides counting: a thread that was woken meanwhile runs now (`preempt_schedule`). */
export function* preemptEnabled(kernel: Kernel, cpu: KernelCpu): Program {
  if (!(yield* needsSchedule(kernel, cpu))) return;
  yield* cpu.store(kernel.preemptCount(cpu.id), 1);
  yield* cpu.call(kernel.programs.preemptSchedule, From.call, 0);
}

/**
 * The end of an interrupt, with interrupts off: a thread that was woken gets the CPU from the interrupted one, unless that one has
 * preemption off (`preempt_schedule_irq`, `exit_to_usermode_loop`). Returns whether it does; the exit to user mode is then left to it.
 */
export function* preemptsInterrupted(kernel: Kernel, cpu: KernelCpu, fromUser: boolean): Program<boolean> {
  const preemptCount = kernel.preemptCount(cpu.id);
  if (kernel.runQueue === undefined || !(yield* cpu.test(preemptCount, 'equal', 0))) return false;
  if (!(yield* needsSchedule(kernel, cpu))) return false;
  yield* cpu.store(preemptCount, 1);
  yield* cpu.preempt(kernel.programs.preemptSchedule, fromUser ? From.user : From.kernel);
  return true;
}

/** `need_resched()`. */
function* needsSchedule({ runQueue }: Kernel, cpu: KernelCpu): Program<boolean> {
  for (const word of runQueue?.wakeWords(cpu.id) ?? []) if (yield* cpu.test(word, 'notEqual', 0)) return true;
  return false;
}

/** The last look is with interrupts off: who wakes a thread after it sends an interrupt that is taken with preemption on again. */
export const preemptSchedule: KernelPrograms['preemptSchedule'] = (kernel) =>
  function* (cpu, from, wasUser) {
    yield* cpu.call(kernel.programs.schedule);
    yield* cpu.disableInterrupts();
    if (yield* needsSchedule(kernel, cpu)) {
      yield* cpu.enableInterrupts();
      return yield* cpu.become(kernel.programs.preemptSchedule, from, wasUser);
    }
    yield* cpu.store(kernel.preemptCount(cpu.id), 0);
    if (from === From.user) yield* kernelExit(kernel, cpu);
    yield* cpu.enableInterrupts();
    if (from !== From.call) yield* cpu.resumePreempted(wasUser);
  };

/** `__schedule` (kernel/sched/core.c): each thread that was woken gets the CPU, one after the other, and gives it back when it sleeps again. */
export const schedule: KernelPrograms['schedule'] = (kernel) =>
  function* (cpu) {
    const queue = queueOf(kernel);
    for (const [position, word] of queue.wakeWords(cpu.id).entries()) {
      if (!(yield* cpu.test(word, 'notEqual', 0))) continue;
      yield* cpu.store(queue.preempted(cpu.id), yield* cpu.load(queue.current(cpu.id)));
      yield* cpu.store(queue.preemptedMm(cpu.id), yield* cpu.load(kernel.currentMm(cpu.id)));
      yield* cpu.call(kernel.programs.contextSwitch, queue.threadOf(cpu.id, position), INIT_MM);
    }
  };

/**
 * `smpboot_thread_fn` (kernel/smpboot.c). The thread runs with preemption off as far as other kernel threads go, so the thread that it
 * has displaced is the one that gets the CPU back.
 */
export const smpbootThreadFn: KernelPrograms['smpbootThreadFn'] = (kernel) =>
  function* (cpu, position) {
    const queue = queueOf(kernel);
    const thread = queue.threads[position];
    const wake = queue.wakeWords(cpu.id)[position];
    if (thread === undefined || wake === undefined)
      throw new ShootdownError('INTERNAL', `No kernel thread ${position}.`);
    if (yield* cpu.test(wake, 'notEqual', 0)) {
      yield* cpu.waitAndExchange(wake, 'notEqual', 0, 0);
      yield* cpu.call(thread.run);
    } else {
      const next = yield* cpu.load(queue.preempted(cpu.id));
      const mm = yield* cpu.load(queue.preemptedMm(cpu.id));
      yield* cpu.call(kernel.programs.contextSwitch, next, mm);
    }
    return yield* cpu.become(kernel.programs.smpbootThreadFn, position);
  };

function queueOf({ runQueue }: Kernel): RunQueue {
  if (runQueue === undefined) throw new ShootdownError('INTERNAL', 'The strategy has no kernel threads.');
  return runQueue;
}
