import type { MachineShape } from '@shootdown/core';

/** Two CPUs, two address spaces of four pages, two table levels. */
export const SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 4,
  levels: 2,
  levelBits: 1,
  tables: 7,
  frames: 10,
  asids: 2,
  pcid: true,
  pti: false,
  invpcid: true,
  storeBufferDepth: 8,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};
