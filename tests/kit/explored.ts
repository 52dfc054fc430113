import { Machine, type MachineOptions, type MachineShape } from '@shootdown/core';
import type { ActionPolicy, ExplorerMachineOptions } from '@shootdown/checker';
import {
  addInitiator,
  addToucher,
  bootKernel,
  type Environment,
  NO_COSTS,
  type OperationName,
} from '@shootdown/kernel';
import { safetyMonitor } from '@shootdown/simulator';
import type { Variant } from './variants.js';

/** Two CPUs, one virtual page, two table levels: the smallest machine on which a flush can go wrong. */
const SMALL: MachineShape = {
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

/** One operation beside a CPU that uses the page for ever. */
export interface ExploredCell {
  readonly variant: Variant;
  readonly operation: OperationName;
  /** How the other CPU uses the page. */
  readonly access: 'read' | 'write';
  readonly kernelThread?: boolean;
  readonly nmi?: Environment['nmi'];
  readonly nmiBudget?: number;
  readonly shape?: Partial<MachineShape>;
  /** How often the other CPU uses the page; default for ever. */
  readonly accesses?: number;
  readonly machine?: Pick<MachineOptions, 'sequentiallyConsistent' | 'walker' | 'translationWays'>;
}

/** Boots the cell's machine: for `explore` with its options, without them with live programs. */
export function machineOf(cell: ExploredCell): (options?: ExplorerMachineOptions) => Machine {
  const { variant, operation, access, kernelThread = false, nmi = 'asks', nmiBudget = 0, shape = {}, accesses } = cell;
  return (options) => {
    const kernel = bootKernel({
      shape: { ...SMALL, ...shape },
      costs: NO_COSTS,
      strategy: variant.strategy,
      options: variant.options,
      environment: { nmi },
      gatherPages: 1,
    });
    addInitiator(kernel.kernel, {
      cpu: 0,
      mm: 0,
      operation,
      firstPage: 0,
      pages: 1,
      touch: 'none',
      operations: 1,
      kernelThread,
    });
    const often = accesses === undefined ? {} : { accesses };
    addToucher(kernel.kernel, { cpu: 1, mm: 0, firstPage: 0, pages: 1, access, ...often });
    return new Machine(kernel.boot, {
      ...options,
      ...cell.machine,
      monitor: safetyMonitor(kernel, variant.strategy, 1),
      nmiBudget,
    });
  };
}

/** The page may be walked at any time and may leave the TLB at any time. */
export const HARDWARE: ActionPolicy = { speculativePages: [0], evictablePages: [0] };
