import { type MachineShape, tablesPerSpace } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import { assumptionsOf, type CellDescription } from './cell.js';
import { findCellScenario } from './cell-scenario.js';

/** The page that is flushed first. */
export const FLUSHED_PAGE = 0;

/** Pages of an address space: as many as are flushed. */
export function pagesOf(cell: CellDescription): number {
  return findCellScenario(cell.scenario).ownPages ? cell.initiators : 1;
}

/** Address spaces of a cell: a second one only where CPUs switch to it. */
export function spacesOf({ targets }: CellDescription): number {
  return targets === 'switching' ? 2 : 1;
}

/** A cell, with what its strategy requires of the machine. */
export type CellNeeds = CellDescription & {
  readonly strategy?: Pick<Strategy, 'requires' | 'assumes' | 'guarantee'>;
};

/** Constants that the kernel has besides the machine's shape, small for the exploring driver. */
export const KERNEL_CONSTANTS = { gatherPages: 1, singlePageFlushCeiling: 33 } as const;

/** Of a deferred strategy one batch of a CPU waits for its release while the next one is gathered. */
export function batchesOf({ strategy }: CellNeeds): number {
  return strategy?.guarantee?.unmap === 'release' ? 2 : 1;
}

/**
 * The check-time constants: two table levels, one page (or one per initiator), one frame more than pages (so that a page can
 * come back elsewhere), and PCIDs where a CPU switches between processes or the strategy requires them, with as many ASIDs as
 * processes. A strategy that requires INVLPGB gets it, with one under way at a time and a global ASID for each process.
 */
export function cellShape(cell: CellNeeds): MachineShape {
  const requires = cell.strategy?.requires ?? [];
  const spaces = spacesOf(cell);
  const assumptions = assumptionsOf(cell);
  const pages = pagesOf(cell);
  const shape: MachineShape = {
    cpuCount: cell.cpus,
    virtualPages: pages,
    levels: 2,
    levelBits: 1,
    tables: 0,
    // A frame that a device keeps does not come back; each initiator may give it one.
    frames: spaces * pages + 1 + (assumptions.deviceLoad === 'on' ? cell.initiators : 0),
    asids: spaces,
    pcid: spaces > 1 || requires.includes('pcid'),
    pti: false,
    invpcid: requires.includes('invpcid'),
    storeBufferDepth: 4,
    clusterSize: 8,
    icrWriteDrainsStores: assumptions.icr === 'drains',
    ...(requires.includes('invlpgb') ? { broadcast: { outstanding: 1, pagesPerInvlpgb: 1, globalAsids: spaces } } : {}),
  };
  return { ...shape, tables: spaces * tablesPerSpace(shape) + 1 };
}
