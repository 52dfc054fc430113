import { explore, type Exploration, type ExploreOptions, type MachineFactory } from '@shootdown/checker';
import { Machine, type MachineShape } from '@shootdown/core';
import { addInitiator, addToucher, bootKernel, NO_COSTS } from '@shootdown/kernel';
import type { Strategy } from '@shootdown/plugin';
import { safetyMonitor } from '@shootdown/simulator';

const shape: MachineShape = {
  cpuCount: 2,
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 4,
  frames: 2,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  storeBufferDepth: 4,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

/** CPU 0 unmaps one page, CPU 1 writes to it for ever: every interleaving. */
export function exploreMadvise(strategy: Strategy, options: object, bounds: ExploreOptions = {}): Exploration {
  const boot: MachineFactory = (machineOptions) => {
    const kernel = bootKernel({ shape, costs: NO_COSTS, strategy, options, gatherPages: 1 });
    const page = { mm: 0, firstPage: 0, pages: 1 } as const;
    addInitiator(kernel.kernel, { ...page, cpu: 0, operation: 'madvise', touch: 'none', operations: 1 });
    addToucher(kernel.kernel, { ...page, cpu: 1, access: 'write' });
    return new Machine(kernel.boot, { ...machineOptions, monitor: safetyMonitor(kernel, strategy, 1) });
  };
  return explore(boot, bounds);
}
