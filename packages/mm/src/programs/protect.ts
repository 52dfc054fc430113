import { FLUSH_KINDS, Pte } from '@shootdown/core';
import { ALL_PAGES } from '../constants.js';
import type { MmPrograms } from './types.js';

const CLEAN_DIRTY = FLUSH_KINDS.indexOf('cleanDirty');
const PROTECT = FLUSH_KINDS.indexOf('protect');

/**
 * `change_protection` (W goes, as `ptep_set_wrprotect` does) and page cleaning (W and D go together, so that a store after
 * the flush faults). The caller relies on the result as soon as the flush has returned. Without a present entry there is
 * nothing to flush, and the caller relies on whoever cleared it.
 */
export const changeProtection: MmPrograms['changeProtection'] = (mm) =>
  function* (cpu, kind, space, firstPage, pageCount) {
    const bits = kind === CLEAN_DIRTY ? Pte.writable | Pte.dirty : Pte.writable;
    const lock = mm.spaces.pageTableLock(space);
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    yield* cpu.call(mm.programs.flushBatchedPending, space);
    let changed = 0;
    for (let page = firstPage; page < firstPage + pageCount; page++) {
      const pte = mm.tables.pte(space, page);
      if (!(yield* cpu.test(pte, 'anyBitSet', Pte.present))) continue;
      yield* cpu.clearBits(pte, bits);
      changed++;
    }
    yield* cpu.store(lock, 0);
    if (changed > 0) yield* cpu.call(mm.port.flush, kind, space, firstPage, pageCount);
    else yield* cpu.markRely(space, firstPage, pageCount);
    yield* cpu.markRelease();
  };

/**
 * `flush_tlb_batched_pending` (mm/rmap.c): reclaim has cleared entries of this mm and not flushed them. Whoever changes
 * the page table now would find nothing to flush, so it flushes the whole mm first. It relies on that as soon as the flush has
 * returned, so the request is not one that a strategy may defer to a release.
 */
export const flushBatchedPending: MmPrograms['flushBatchedPending'] = (mm) =>
  function* (cpu, space) {
    const batched = mm.spaces.flushBatched(space);
    if (yield* cpu.test(batched, 'equal', 0)) return;
    yield* cpu.call(mm.port.flush, PROTECT, space, 0, ALL_PAGES);
    yield* cpu.store(batched, 0);
  };
