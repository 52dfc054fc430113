import { StealTime } from '@shootdown/plugin';
import type { Kernel } from '../kernel.js';
import type { KernelPrograms } from './types.js';
import { type Word, ShootdownError } from '@shootdown/core';

/** `kvm_steal_time_set_preempted` (arch/x86/kvm/x86.c, Linux 5.6): the host tells the guest that this virtual CPU does not run. */
export const stealTimeSetPreempted: KernelPrograms['stealTimeSetPreempted'] = (kernel) =>
  function* (cpu) {
    yield* cpu.store(preemptedWord(kernel, cpu.id), StealTime.preempted);
  };

/**
 * `record_steal_time` (arch/x86/kvm/x86.c, Linux 5.6): one locked exchange takes the flags and says that the virtual CPU runs again,
 * so that no flag set by the guest is lost; then it flushes on the guest's behalf.
 */
export const recordStealTime: KernelPrograms['recordStealTime'] = (kernel) =>
  function* (cpu) {
    const flags = yield* cpu.exchange(preemptedWord(kernel, cpu.id), 0);
    if ((flags & StealTime.flushTlb) !== 0) yield* cpu.invvpid();
    if (kernel.hooks.vmEntry !== undefined) yield* cpu.call(kernel.hooks.vmEntry);
  };

function preemptedWord({ preempted }: Kernel, cpu: number): Word {
  if (preempted === undefined) throw new ShootdownError('INTERNAL', `CPU ${cpu} is real and runs a host program.`);
  return preempted(cpu);
}
