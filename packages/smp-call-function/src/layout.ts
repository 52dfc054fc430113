/** Bits of `csd.flags` (kernel/smp.c, Linux 5.2; `inlined` is RFC v2 patch 10). */
export const CsdFlag = { lock: 1, synchronous: 2, inlined: 4 } as const;

/** 64-bit words that a `line` csd carries inline: 64 − 24 = 40 bytes, the size of `flush_tlb_info` (RFC v2 patch 10). */
export const INLINE_WORDS = 5;

/** Bytes of the inlined payload. */
export const INLINE_BYTES: number = INLINE_WORDS * 8;

/** Where a call's descriptor lies. Several real patches changed only this. */
export interface CallFunctionLayout {
  /**
   * - `packed`: {next, func, info, flags}, 32 bytes, so that two initiators' slots for one target share a line (Linux 5.2).
   * - `line`: {next, func, flags, payload}: one full line that carries the arguments too (RFC v2 patch 10).
   */
  readonly csd: 'packed' | 'line';
  /** A call to exactly one CPU uses a csd on the initiator's stack (Linux 5.2) or the slot of the pair (RFC v1 patch 3). */
  readonly singleTargetCsd: 'stack' | 'slot';
}

/** Linux 5.2. */
export const BASE_CALL_FUNCTION_LAYOUT: CallFunctionLayout = { csd: 'packed', singleTargetCsd: 'stack' };

/** Fields in the order in which they lie in memory. `info` is the first payload word of a `line` csd. */
export const CSD_FIELDS = {
  packed: ['next', 'func', 'info', 'flags'],
  line: ['next', 'func', 'flags', 'info', 'inline1', 'inline2', 'inline3', 'inline4'],
} as const;

export type CsdField = (typeof CSD_FIELDS)[keyof typeof CSD_FIELDS][number];
