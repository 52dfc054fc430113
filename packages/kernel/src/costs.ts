import type { MmCosts } from '@shootdown/mm';
import type { StrategyCosts } from '@shootdown/plugin';
import type { CallFunctionCosts } from '@shootdown/smp-call-function';

/**
 * Straight-line kernel code that the model does not execute op by op, in cycles, under the names of the machine profiles.
 * A cost of 0 yields no op at all, so the exploring driver, which uses zeros, sees no extra step.
 */
export interface KernelCosts extends MmCosts, CallFunctionCosts, StrategyCosts {
  /** madvise(MADV_DONTNEED) of one page without its flush: system call function, VMA search, gather and zap. */
  readonly madviseWorkCycles: number;
  /** Software of a minor page fault. */
  readonly faultWorkCycles: number;
  /** Software of the fault on every further page of the same operation. */
  readonly perPageFaultCycles: number;
  /** Software entry of an interrupt before the handler's first own instruction. */
  readonly interruptHandlerEntryCycles: number;
  /** A context switch without `switch_mm`. */
  readonly schedulerSwitchCycles: number;
  /** Wake-up of an idle CPU from MWAIT. */
  readonly haltWakeCycles: number;
}

/** The names of all costs. */
export const KERNEL_COST_NAMES: readonly (keyof KernelCosts)[] = [
  'madviseWorkCycles',
  'faultWorkCycles',
  'perPageZapCycles',
  'perPageFaultCycles',
  'cpumaskAllocCycles',
  'multiTargetSetupCycles',
  'flushSetupCycles',
  'flushFunctionCycles',
  'queueWorkCycles',
  'handlerItemCycles',
  'interruptHandlerEntryCycles',
  'indirectCallCycles',
  'directCallCycles',
  'retpolineExtraCycles',
  'copyPer16BytesCycles',
  'schedulerSwitchCycles',
  'haltWakeCycles',
];

/** Costs by name, from a profile for instance: whole cycles, for `work` takes integers. */
export function kernelCosts(cyclesOf: (name: keyof KernelCosts) => number): KernelCosts {
  return Object.fromEntries(KERNEL_COST_NAMES.map((name) => [name, Math.round(cyclesOf(name))])) as Record<
    keyof KernelCosts,
    number
  >;
}

/** No cost at all: what a checked kernel is booted with. */
export const NO_COSTS: KernelCosts = kernelCosts(() => 0);
