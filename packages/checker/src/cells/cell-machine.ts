import { Machine } from '@shootdown/core';
import {
  addInitiator,
  addSleeper,
  addToucher,
  type BootedKernel,
  bootKernel,
  type KernelCosts,
  NO_COSTS,
  type Sleep,
} from '@shootdown/kernel';
import { safetyMonitor } from '@shootdown/safety';
import type { ExplorerMachineOptions } from '../explore.js';
import type { ActionPolicy } from '../search/action-policy.js';
import { assumptionsOf, type Cell, type CellDescription, checkCell, type Memory, type TargetState } from './cell.js';
import type { CellScenario } from './cell-scenario.js';
import { batchesOf, cellShape, FLUSHED_PAGE, KERNEL_CONSTANTS, pagesOf, spacesOf } from './cell-shape.js';

/** Boots the machine of a cell: for `explore` with its options, and with live programs without any. */
export type CellMachine = (options?: Partial<ExplorerMachineOptions>) => Machine;

/**
 * A factory of the cell's machine under a memory model. With costs its kernel executes the straight-line code that an exploration leaves
 * out, as `work` between the same ops; for machines whose schedules are timed.
 *
 * @throws ShootdownError of `checkCell`
 */
export function cellMachine(cell: Cell, memory: Memory, costs: KernelCosts = NO_COSTS): CellMachine {
  const scenario = checkCell(cell);
  return (options = {}) => {
    const kernel = bootCell(cell, scenario, costs);
    return new Machine(kernel.boot, {
      ...options,
      monitor: safetyMonitor(kernel, cell.strategy, cell.initiators, { coversPerFlush: COVERS_PER_FLUSH }),
      nmiBudget: cell.nmis,
      probeBudget: assumptionsOf(cell).kprobe === 'touches' ? 1 : 0,
      sequentiallyConsistent: memory === 'sc',
      walker: cell.walker === 'saturated' ? 'saturated' : 'explicit',
    });
  };
}

/** Ranges that one flush of a cell may name. */
const COVERS_PER_FLUSH = 4;

/** What the hardware may do by itself in a cell. */
export function cellActions(cell: CellDescription): ActionPolicy {
  const pages = Array.from({ length: pagesOf(cell) }, (_, page) => page);
  return {
    ...(cell.walker === 'speculative' ? { speculativePages: pages, evictablePages: pages } : {}),
    ...(assumptionsOf(cell).deviceLoad === 'off' ? {} : { speculativeLoads: pages }),
  };
}

function bootCell(cell: Cell, scenario: CellScenario, costs: KernelCosts): BootedKernel {
  const assumptions = assumptionsOf(cell);
  const kernel = bootKernel({
    ...KERNEL_CONSTANTS,
    batchesPerCpu: batchesOf(cell),
    shape: cellShape(cell),
    costs,
    strategy: cell.strategy,
    options: cell.options,
    programs: cell.programs ?? {},
    steps: cell.steps ?? {},
    mmCount: spacesOf(cell),
    frameChoice: scenario.frameChoice,
    environment: { ...assumptions, touchedPage: FLUSHED_PAGE },
    switchOrder: assumptions.switchOrder,
    unenforced: cell.unenforced ?? [],
  });
  for (let cpu = 0; cpu < cell.cpus; cpu++) {
    if (cpu < cell.initiators) addCellInitiator(kernel, scenario, cpu);
    else addTarget(kernel, cell.targets, scenario.access, cpu);
  }
  return kernel;
}

/** One operation. Afterwards the thread uses the page itself, so that it is a target of the other initiator. */
function addCellInitiator({ kernel }: BootedKernel, scenario: CellScenario, cpu: number): void {
  addInitiator(kernel, {
    cpu,
    mm: 0,
    operation: cpu === 0 ? scenario.operation : (scenario.secondOperation ?? scenario.operation),
    firstPage: scenario.ownPages ? FLUSHED_PAGE + cpu : FLUSHED_PAGE,
    pages: 1,
    touch: 'none',
    operations: 1,
    kernelThread: scenario.kernelThread && cpu === 0,
  });
}

const SLEEP_OF: Readonly<Record<Exclude<TargetState, 'user'>, Sleep>> = {
  lazy: 'lazy',
  idle: 'idle',
  switching: 'other',
};

function addTarget({ kernel }: BootedKernel, state: TargetState, access: 'read' | 'write', cpu: number): void {
  if (state === 'user') addToucher(kernel, { cpu, mm: 0, firstPage: FLUSHED_PAGE, pages: 1, access });
  else addSleeper(kernel, { cpu, mm: 0, page: FLUSHED_PAGE, access, sleep: SLEEP_OF[state] });
}
