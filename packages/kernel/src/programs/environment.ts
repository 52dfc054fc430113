import { enterSystemCall, returnToUser } from '../entry.js';
import type { KernelPrograms } from './types.js';

/** A kprobe whose handler reads user memory without asking, as a tracing program may. */
export const probe: KernelPrograms['probe'] = (kernel) =>
  function* (cpu) {
    yield* cpu.userLoad(kernel.environment.touchedPage);
  };

/** `smp_call_function_single_async` (kernel/smp.c): the csd is unlocked before the function runs, and nobody waits. */
export const callAhead: KernelPrograms['callAhead'] = (kernel) =>
  function* (cpu, target, kernelThread) {
    const { smp, programs } = kernel;
    if (kernelThread === 0) yield* enterSystemCall(kernel, cpu);
    const csd = smp.csds.other(cpu.id);
    const func = smp.numberOf(programs.calledAhead);
    if ((yield* cpu.call(smp.programs.queueCall, csd, target, func, 0, 0)) === 1) yield* smp.sendSingle(cpu, target);
    if (kernelThread === 0) yield* returnToUser(kernel, cpu, 'syscall');
  };

export const calledAhead: KernelPrograms['calledAhead'] = (kernel) =>
  function* (cpu) {
    yield* cpu.userLoad(kernel.environment.touchedPage);
  };

/**
 * Kernel code copies from or to user memory in a section with interrupts off; it runs with page faults disabled, so a page
 * that is not there stays away. User code clears IF itself, which iopl(2) permits.
 */
export const accessWithInterruptsOff: KernelPrograms['accessWithInterruptsOff'] = (kernel) =>
  function* (cpu, page, isStore) {
    const inKernel = kernel.environment.interruptsOff === 'kernel';
    if (inKernel) yield* enterSystemCall(kernel, cpu);
    yield* cpu.disableInterrupts();
    if (isStore !== 0) yield* cpu.userStore(page, 1);
    else yield* cpu.userLoad(page);
    yield* cpu.enableInterrupts();
    if (inKernel) yield* returnToUser(kernel, cpu, 'syscall');
  };
