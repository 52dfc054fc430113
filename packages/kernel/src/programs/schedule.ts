import { spend } from '@shootdown/core';
import { INIT_MM } from '@shootdown/mm';
import type { KernelPrograms } from './types.js';

/** `context_switch` (kernel/sched/core.c). The thread that is switched to enables interrupts when it goes on. */
export const contextSwitch: KernelPrograms['contextSwitch'] = (kernel) =>
  function* (cpu, thread, mm) {
    yield* spend(cpu, kernel.costs.schedulerSwitchCycles);
    yield* cpu.disableInterrupts();
    if (mm === INIT_MM) yield* cpu.call(kernel.mm.programs.enterLazyTlb);
    else yield* cpu.call(kernel.mm.programs.switchMm, mm);
    yield* cpu.store(kernel.currentMm(cpu.id), mm);
    yield* cpu.switchTo(thread);
    yield* cpu.enableInterrupts();
  };

/** The idle loop (kernel/sched/idle.c): STI directly before HLT, so that no wake-up is lost between them. */
export const idle: KernelPrograms['idle'] = (kernel) =>
  function* (cpu, deep) {
    yield* cpu.disableInterrupts();
    if (deep !== 0) yield* cpu.call(kernel.mm.programs.leaveMm);
    if (kernel.hooks.enterIdle !== undefined) yield* cpu.call(kernel.hooks.enterIdle);
    yield* cpu.enableInterrupts();
    yield* cpu.halt();
    if (kernel.hooks.leaveIdle !== undefined) {
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.hooks.leaveIdle);
      yield* cpu.enableInterrupts();
    }
    return yield* cpu.become(kernel.programs.idle, deep);
  };
