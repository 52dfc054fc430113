import type { ProgramRef } from '@shootdown/core';

/** The port through which memory management asks the strategy. The kernel connects it once the strategy is created. */
export interface MmPort {
  /** Flushes and marks the flush for the safety monitors. `kind` is the position in `FLUSH_KINDS`. */
  readonly flush: ProgramRef<[kind: number, mm: number, firstPage: number, pageCount: number]>;
  /** Takes over a batch whose flush has returned; absent: it is freed at once. */
  readonly release?: ProgramRef<[batch: number]>;
  /** Which ASID a CPU loads for the mm, unflushed; negative leaves the choice to `choose_new_asid`. */
  readonly chooseAsid?: ProgramRef<[mm: number]>;
  /** Asked by the allocator whether a free frame may be given out now; 0 means not yet. */
  readonly beforeReuse?: ProgramRef<[frame: number]>;
  /** Asked in `switch_mm`, interrupts off, right before CR3 is written with the new mm. */
  readonly beforeLoadCr3?: ProgramRef<[mm: number]>;
  /** Asked in `switch_mm`, interrupts off, right after CR3 was written. */
  readonly afterLoadCr3?: ProgramRef<[mm: number]>;
}
