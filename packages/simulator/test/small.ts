import type { MachineShape } from '@shootdown/core';

/** One CPU, one page, no PCIDs. */
export const SMALL: MachineShape = {
  cpuCount: 1,
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 2,
  frames: 1,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  storeBufferDepth: 42,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};
