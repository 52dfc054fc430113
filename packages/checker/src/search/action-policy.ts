/**
 * What the environment and the hardware may do besides running the programs. Drains, deliveries, interrupts and the
 * walks that a pending access needs are always offered; NMIs and
 * probes are bounded by the machine's own budgets.
 */
export interface ActionPolicy {
  /** Pages that the walker may walk at any time without an access (SDM 4.10.2.3: translations may be cached by speculation). Default none. */
  readonly speculativePages?: readonly number[];
  /** Pages from which the core may load speculatively through what it has cached, when they are device memory. Default none. */
  readonly speculativeLoads?: readonly number[];
  /** Pages whose TLB entries may vanish at any time. Default none. */
  readonly evictablePages?: readonly number[];
  /** Entries of the paging-structure cache may vanish at any time. Default false. */
  readonly evictPagingStructures?: boolean;
}
