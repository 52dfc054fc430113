import type { MachineShape } from '@shootdown/core';

/** Three CPUs with PCIDs, four pages under one table page. */
export const FOUR_PAGES: MachineShape = {
  cpuCount: 3,
  virtualPages: 4,
  levels: 2,
  levelBits: 2,
  tables: 3,
  frames: 8,
  asids: 2,
  pcid: true,
  pti: false,
  invpcid: true,
  storeBufferDepth: 8,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

/** Three CPUs without PCIDs, one page. */
export const ONE_PAGE: MachineShape = {
  cpuCount: 3,
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 3,
  frames: 4,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 8,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};
