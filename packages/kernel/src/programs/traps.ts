import { type KernelCpu, type Program, type ProgramRef, spend } from '@shootdown/core';
import { enterFromUser, kernelEntry, kernelExit, returnToUser } from '../entry.js';
import type { Kernel } from '../kernel.js';
import { preemptsInterrupted } from './schedule.js';
import type { KernelPrograms } from './types.js';

/**
 * `do_page_fault`. The IRET at its end is serialising (SDM vol. 3 §9.3): the new entry is in memory, where the walker of
 * the retried access looks. A fault of kernel code ends without a change of mode; there a fence stands for the IRET.
 *
 * A fault from user mode enables interrupts, whatever IF said there (`do_user_addr_fault`). IRET would clear IF again; here it
 * stays set, so a user that faults has left its section with interrupts off, and may enter it anew.
 */
export const doPageFault: KernelPrograms['doPageFault'] = (kernel) =>
  function* (cpu, page, isStore, fromUser) {
    if (fromUser !== 0) yield* enterFromUser(kernel, cpu);
    if (fromUser !== 0 && kernel.environment.interruptsOff === 'user') yield* cpu.enableInterrupts();
    yield* faultWork(kernel, cpu);
    const mm = yield* cpu.load(kernel.currentMm(cpu.id));
    yield* cpu.call(kernel.mm.programs.handleMmFault, mm, page, isStore);
    if (fromUser !== 0) yield* returnToUser(kernel, cpu, 'fault');
    else yield* cpu.fence();
  };

/** The first fault of an operation costs more than those on the next pages, whose page table is warm. */
function* faultWork(kernel: Kernel, cpu: KernelCpu): Program {
  const { faultWorkCycles, perPageFaultCycles } = kernel.costs;
  if (faultWorkCycles === perPageFaultCycles) {
    yield* spend(cpu, faultWorkCycles);
    return;
  }
  const faulted = kernel.hasFaulted(cpu.id);
  const isFirst = yield* cpu.test(faulted, 'equal', 0);
  if (isFirst) yield* cpu.store(faulted, 1);
  yield* spend(cpu, isFirst ? faultWorkCycles : perPageFaultCycles);
}

/** Entry, EOI and exit around the body of a maskable interrupt, or the entry into the scheduler. Linux writes EOI before it runs the handler (kernel/smp.c). */
export function* interrupt(kernel: Kernel, cpu: KernelCpu, body: ProgramRef<[]>): Program {
  const fromUser = yield* isFromUser(kernel, cpu);
  if (fromUser) yield* kernelEntry(kernel, cpu);
  yield* spend(cpu, kernel.costs.interruptHandlerEntryCycles);
  yield* cpu.endOfInterrupt();
  yield* cpu.call(body);
  if (yield* preemptsInterrupted(kernel, cpu, fromUser)) return;
  if (fromUser) yield* kernelExit(kernel, cpu);
}

export const callFunctionInterrupt: KernelPrograms['callFunctionInterrupt'] = (kernel) =>
  function* (cpu) {
    yield* interrupt(kernel, cpu, kernel.smp.programs.flushQueue);
  };

/** `smp_apic_timer_interrupt` as far as a strategy takes part in it. */
export const timerInterrupt: KernelPrograms['timerInterrupt'] = (kernel) =>
  function* (cpu) {
    if (kernel.hooks.tick !== undefined) yield* interrupt(kernel, cpu, kernel.hooks.tick);
  };

/** The NMI entry saves CR3 and restores it (paranoid_entry, RESTORE_CR3), so the user page tables come back as they were. */
export const nmi: KernelPrograms['nmi'] = (kernel) =>
  function* (cpu) {
    const fromUser = yield* isFromUser(kernel, cpu);
    if (fromUser) yield* kernelEntry(kernel, cpu);
    const { nmi: body, touchedPage } = kernel.environment;
    if (body === 'touches' || (body === 'asks' && (yield* cpu.call(kernel.programs.nmiUaccessOkay)) !== 0)) {
      yield* cpu.userLoad(touchedPage);
    }
    if (fromUser) yield* kernelExit(kernel, cpu);
  };

/**
 * `nmi_uaccess_okay` (arch/x86/include/asm/tlbflush.h), in four strengths. Then the strategy is asked.
 *
 * - `loadedMm`: a user mm is loaded, and CR3 is not being changed.
 * - `currentMm`: and that mm is the current task's, as in Linux. A kernel thread has none, so a CPU that is lazy refuses.
 * - `notLazy`: a user mm is loaded, and the CPU is not marked lazy. `switch_mm` takes the mark back before it has caught up.
 * - `lazyAware`: both. `enter_lazy_tlb` marks the CPU while the task is still the current one.
 */
export const nmiUaccessOkay: KernelPrograms['nmiUaccessOkay'] = (kernel) =>
  function* (cpu) {
    const { hooks, environment, mm } = kernel;
    const guard = environment.uaccessGuard;
    const knowsCurrent = guard === 'currentMm' || guard === 'lazyAware';
    const knowsLazy = guard === 'notLazy' || guard === 'lazyAware';
    if (!(yield* isUserMmLoaded(kernel, cpu, knowsCurrent))) return 0;
    if (knowsLazy && (yield* cpu.test(mm.tlbState.isLazy(cpu.id), 'equal', 1))) return 0;
    return hooks.mayAccessUser === undefined ? 1 : yield* cpu.call(hooks.mayAccessUser);
  };

function* isUserMmLoaded({ mm, currentMm }: Kernel, cpu: KernelCpu, ofCurrent: boolean): Program<boolean> {
  const loaded = mm.tlbState.loadedMm(cpu.id);
  if (!ofCurrent) return yield* cpu.test(loaded, 'atLeast', 0);
  const current = yield* cpu.load(currentMm(cpu.id));
  return current >= 0 && (yield* cpu.test(loaded, 'equal', current));
}

function* isFromUser(kernel: Kernel, cpu: KernelCpu): Program<boolean> {
  return kernel.tracksUserMode && (yield* cpu.test(kernel.mm.tlbState.userCr3(cpu.id), 'equal', 1));
}
