import { type MachineShape, tablesPerSpace } from '@shootdown/core';
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

/** Constants that the kernel has besides the machine's shape, small for the exploring driver. */
export const KERNEL_CONSTANTS = { gatherPages: 1, singlePageFlushCeiling: 33 } as const;

/**
 * The check-time constants: two table levels, one page (or one per initiator), one frame more than pages (so that a page can
 * come back elsewhere), and PCIDs where a CPU switches between processes, with as many ASIDs as processes.
 */
export function cellShape(cell: CellDescription): MachineShape {
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
    pcid: spaces > 1,
    pti: false,
    invpcid: false,
    storeBufferDepth: 4,
    clusterSize: 8,
    icrWriteDrainsStores: assumptions.icr === 'drains',
  };
  return { ...shape, tables: spaces * tablesPerSpace(shape) + 1 };
}
