import { type Cpu, type Op, type Program, spend } from '@shootdown/core';
import type { CallFunction } from './call-function.js';
import { CsdFlag } from './layout.js';
import { writeMask } from './write-mask.js';

/** Part of a cross-call that runs in the frame of whoever uses it: an op, or a program of several. */
export type CallFunctionStep<Args extends readonly unknown[]> = (smp: CallFunction, cpu: Cpu, ...args: Args) => Op;

/** The steps behind the methods of `CallFunction`, each replaceable under its name. */
export interface CallFunctionSteps {
  /** First half of `csd_lock`: see `CallFunction.csdLock`. */
  readonly csdLock: CallFunctionStep<[csd: number]>;
  /** `csd_unlock`. */
  readonly csdUnlock: CallFunctionStep<[csd: number]>;
  /** `csd_lock_wait`: waits for a target. */
  readonly csdLockWait: CallFunctionStep<[csd: number]>;
  /** `arch_send_call_function_single_ipi`. */
  readonly sendSingle: CallFunctionStep<[target: number]>;
  /** `arch_send_call_function_ipi_mask`. */
  readonly sendMany: CallFunctionStep<[targets: readonly number[]]>;
}

const csdLock: CallFunctionSteps['csdLock'] = ({ csds }, cpu, csd) =>
  cpu.waitUntil(csds.flags(csd), 'allBitsClear', CsdFlag.lock);

const csdUnlock: CallFunctionSteps['csdUnlock'] = ({ csds }, cpu, csd) =>
  cpu.handOver(csds.group(csd), csds.initiator(csd)).store(csds.flags(csd), 0);

const csdLockWait: CallFunctionSteps['csdLockWait'] = ({ csds }, cpu, csd) =>
  cpu.waitUntil(csds.flags(csd), 'allBitsClear', CsdFlag.lock);

/** Where the ICR write does not drain the store buffer a fence precedes it, as `x2apic_wrmsr_fence` does. */
const sendSingle: CallFunctionSteps['sendSingle'] = function* (smp, cpu, target): Program {
  if (!smp.icrWriteDrainsStores) yield* cpu.fence();
  yield* cpu.sendIpi(target, smp.vectors.single);
};

const sendMany: CallFunctionSteps['sendMany'] = function* (smp, cpu, targets): Program {
  if (targets.length === 0) return;
  const mask = smp.ipiMask(cpu.id);
  yield* writeMask(cpu, mask, targets, smp.cpuCount);
  yield* spend(cpu, smp.costs.multiTargetSetupCycles + smp.costs.cpumaskAllocCycles);
  if (!smp.icrWriteDrainsStores) yield* cpu.fence();
  yield* cpu.disableInterrupts();
  yield* cpu.call(smp.programs.sendToMask, mask, smp.vectors.many);
  yield* cpu.enableInterrupts();
};

/** Linux 5.2. */
export const callFunctionSteps: CallFunctionSteps = { csdLock, csdUnlock, csdLockWait, sendSingle, sendMany };
