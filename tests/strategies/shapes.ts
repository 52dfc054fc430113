import type { MachineShape } from '@shootdown/core';
import { SHAPE } from '../../packages/kernel/test/shape.js';

/** Three CPUs with PCIDs, four pages under one table page. */
export const FOUR_PAGES: MachineShape = { ...SHAPE, cpuCount: 3, levelBits: 2, tables: 3, frames: 8 };

/** Three CPUs without PCIDs, one page. */
export const ONE_PAGE: MachineShape = {
  ...SHAPE,
  cpuCount: 3,
  virtualPages: 1,
  tables: 3,
  frames: 4,
  asids: 1,
  pcid: false,
};
