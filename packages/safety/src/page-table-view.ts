import { isPresent, type Machine, Pte, pteTarget, tableWord, visibleValue } from '@shootdown/core';

/** Views the page tables by memory alone, as a walker does. */
export const MEMORY = -1;

function valueSeen(machine: Machine, viewer: number, word: number): number {
  return viewer === MEMORY ? (machine.state[word] as number) : visibleValue(machine, viewer, word);
}

/** The table page that serves `level` for the page under this root, as the CPU `viewer` sees it through its own store buffer; -1: none. */
export function seenTable(machine: Machine, viewer: number, root: number, page: number, level: number): number {
  let table = root;
  for (let l = machine.shape.levels - 1; l > level; l--) {
    const entry = valueSeen(machine, viewer, tableWord(machine, table, page, l));
    if (!isPresent(entry)) return -1;
    table = pteTarget(entry);
  }
  return table;
}

/** The word that translates the page at `level` as `viewer` sees it; -1: none. */
export function seenWord(machine: Machine, viewer: number, root: number, page: number, level: number): number {
  const table = seenTable(machine, viewer, root, page, level);
  return table < 0 ? -1 : tableWord(machine, table, page, level);
}

/** The leaf entry of the page as `viewer` sees it; 0 when there is none. */
export function seenLeaf(machine: Machine, viewer: number, root: number, page: number): number {
  const word = seenWord(machine, viewer, root, page, 0);
  return word < 0 ? 0 : valueSeen(machine, viewer, word);
}

/**
 * A translation with these flags and this frame grants what the leaf entry `now` does not: another frame, or a store. Setting
 * A or D, or growing a permission, revokes nothing. A clean-dirty flush also revokes the right to store without setting D.
 */
export function revokes(now: number, flags: number, frame: number, cleanDirty: boolean): boolean {
  if (!isPresent(now) || pteTarget(now) !== frame) return true;
  const lost = flags & ~now;
  return (lost & Pte.writable) !== 0 || (cleanDirty && (lost & Pte.dirty) !== 0);
}
