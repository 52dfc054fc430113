import type { Reduction } from '../explore.js';
import type { TargetState, Walker } from './cell.js';
import { batchesOf, type CellNeeds, cellShape, KERNEL_CONSTANTS, spacesOf } from './cell-shape.js';

/** Everything that is finite in a cell, and what is not. A verdict holds within these. */
export interface CellBounds {
  readonly targets: TargetState;
  readonly initiators: number;
  /** In the whole machine. */
  readonly nmis: number;
  readonly walker: Walker;
  readonly flushesPerInitiator: 1;
  readonly pages: number;
  readonly userAccesses: 'unbounded';
  readonly preemptions: 'unbounded';
  readonly addressSpaces: number;
  readonly tableLevels: number;
  readonly entriesPerTable: number;
  readonly tables: number;
  readonly frames: number;
  readonly asids: number;
  /** ASIDs that are the same on every CPU; more than none only where the strategy requires INVLPGB. */
  readonly globalAsids: number;
  readonly pcid: boolean;
  readonly pti: boolean;
  readonly storeBufferDepth: number;
  readonly clusterSize: number;
  readonly singlePageFlushCeiling: number;
  readonly gatherPages: number;
  /** Batches of pages that a CPU can have between their unmapping and their release. */
  readonly batchesPerCpu: number;
  /** Reductions of the search; none means that every interleaving of every op was taken. */
  readonly reductions: readonly Reduction[];
}

export function cellBounds(cell: CellNeeds, reductions: readonly Reduction[]): CellBounds {
  const shape = cellShape(cell);
  return {
    targets: cell.targets,
    initiators: cell.initiators,
    nmis: cell.nmis,
    walker: cell.walker,
    flushesPerInitiator: 1,
    pages: shape.virtualPages,
    userAccesses: 'unbounded',
    preemptions: 'unbounded',
    addressSpaces: spacesOf(cell),
    tableLevels: shape.levels,
    entriesPerTable: 2 ** shape.levelBits,
    tables: shape.tables,
    frames: shape.frames,
    asids: shape.asids,
    globalAsids: shape.broadcast?.globalAsids ?? 0,
    pcid: shape.pcid,
    pti: shape.pti,
    storeBufferDepth: shape.storeBufferDepth,
    clusterSize: shape.clusterSize,
    ...KERNEL_CONSTANTS,
    batchesPerCpu: batchesOf(cell),
    reductions,
  };
}
