export { AddressSpaces, contextId } from './address-spaces.js';
export { ALL_PAGES, ANY_MM, INIT_MM, MAX_GENERATION, SWITCHING } from './constants.js';
export type { MmCosts } from './costs.js';
export { CpuTlbState } from './cpu-tlb-state.js';
export { FlushInfo, FlushInfoOffset } from './flush-info.js';
export { GatherBatches } from './gather.js';
export { Mm } from './mm.js';
export { BASE_MM_LAYOUT, type MmLayout, type MmOptions } from './options.js';
export { PageFrames } from './page-frames.js';
export { PageTables, tablesNeeded } from './page-tables.js';
export type { MmPort } from './port.js';
export {
  type MmProgram,
  mmPrograms,
  type MmPrograms,
  type MmRefs,
  type MmStep,
  mmSteps,
  type MmSteps,
} from './programs/index.js';
export { ReclaimBatches } from './reclaim-batch.js';
