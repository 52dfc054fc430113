/** Flags of a page-table entry, at any level (SDM 4.5.4, table 4-19): P, R/W, A, D, G. */
export const Pte = { present: 1, writable: 2, accessed: 4, dirty: 8, global: 16 } as const;
const ADDRESS_SHIFT = 8;

/** A leaf entry that maps a frame, or (with a table number) an upper entry that points to a table. */
export function makePte(target: number, flags: number): number {
  return (target << ADDRESS_SHIFT) | flags | Pte.present;
}
/** The frame, or the next table, that an entry points to. */
export function pteTarget(entry: number): number {
  return entry >>> ADDRESS_SHIFT;
}
export function isPresent(entry: number): boolean {
  return (entry & Pte.present) !== 0;
}
