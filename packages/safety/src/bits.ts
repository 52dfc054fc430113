/** Flushes in flight that can be told apart: one bit each in a 32-bit word of which two bits are taken. */
export const MAX_FLUSHES = 30;
/** The bits of flushes in flight, in marks and in debts. */
export const FLUSH_BITS = 0x3fffffff;

/**
 * Provenance marks of a translation, a walk or a buffered store. Bits 0 … 29: it grants what the page table that the flush
 * of this slot was called with no longer grants.
 */
export const Mark = {
  /** Such a flush has given its guarantee: no access may use the translation. */
  forbidden: 0x40000000,
  /** A clean-dirty flush has given its guarantee: no store may use the translation. */
  frozen: -0x80000000,
} as const;

/** Debts of a (CPU, PCID, page). Bits 0 … 29: the CPU owes an invalidation of the page to the flush of this slot. */
export const Owed = {
  /** Owed to a flush that has given its guarantee. */
  overdue: 0x40000000,
  /** A revoked translation was filled after the invalidation, or without there having been a debt. */
  refilled: -0x80000000,
} as const;
