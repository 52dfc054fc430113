/** A machine of one page under one table, but for its CPUs. */
export const ONE_PAGE = {
  virtualPages: 1,
  levels: 1,
  levelBits: 1,
  tables: 1,
  frames: 2,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  storeBufferDepth: 2,
  clusterSize: 8,
  icrWriteDrainsStores: false,
} as const;
