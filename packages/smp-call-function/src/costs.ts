/** Straight-line code of cross-calls that the model does not execute op by op, in cycles. Zero is not yielded at all. */
export interface CallFunctionCosts {
  /** Filling and pushing one csd, cache misses apart. */
  readonly queueWorkCycles: number;
  /** Taking one csd off the queue, cache misses and the call of its function apart. */
  readonly handlerItemCycles: number;
  /** What only a send to two or more targets does besides its csds: cpumask and / clear / weight, the allbutself compare. */
  readonly multiTargetSetupCycles: number;
  /** Allocating, zeroing and freeing one temporary cpumask; 0 when CPUMASK_OFFSTACK is off. */
  readonly cpumaskAllocCycles: number;
  /** An indirect call and its return, the retpoline apart. */
  readonly indirectCallCycles: number;
  /** What a retpoline adds to an indirect call; 0 when retpolines are off. */
  readonly retpolineExtraCycles: number;
  /** Copy of 16 bytes within the L1 cache. */
  readonly copyPer16BytesCycles: number;
}
