/** Straight-line code of memory management that the model does not execute op by op, in cycles. Zero is not yielded at all. */
export interface MmCosts {
  /** `flush_tlb_func_common` without its INVLPG and its cache misses. */
  readonly flushFunctionCycles: number;
  /** Zapping every page of a call after its first one. */
  readonly perPageZapCycles: number;
}
