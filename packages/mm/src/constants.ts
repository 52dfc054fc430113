/** The mm number of `init_mm`: only kernel mappings. User mms count from 0. */
export const INIT_MM = -1;

/** What `cpu_tlbstate.loaded_mm` holds while CR3 changes (LOADED_MM_SWITCHING). */
export const SWITCHING = -2;

/** `flush_tlb_info.mm` when no mm is named: flush whatever is loaded (reclaim's batch, `info.mm == NULL`). */
export const ANY_MM = -3;

/** `pageCount` of a request that covers everything (`end == TLB_FLUSH_ALL`). */
export const ALL_PAGES = -1;

/** Largest tlb_gen of the model: words are compared as signed 32-bit integers. */
export const MAX_GENERATION: number = 2 ** 31 - 1;
