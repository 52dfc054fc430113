import { type MachineShape, Machine } from '@shootdown/core';
import { addInitiator, addSpinner, bootKernel, NO_COSTS } from '@shootdown/kernel';
import type { Strategy } from '@shootdown/plugin';

/** A kernel with one strategy, a thread that unmaps a page, and one that spins. */
export function machineWith(strategy: Strategy, shape: MachineShape): Machine {
  const { kernel, boot } = bootKernel({ shape, costs: NO_COSTS, strategy });
  const page = { mm: 0, firstPage: 0, pages: 1 } as const;
  addInitiator(kernel, { ...page, cpu: 0, operation: 'madvise', touch: 'write', operations: 1 });
  addSpinner(kernel, 1, 0);
  return new Machine(boot);
}
