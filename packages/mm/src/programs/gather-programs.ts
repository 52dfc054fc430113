import { DEVICE_OWNER, FLUSH_KINDS, isPresent, pteTarget, spend } from '@shootdown/core';
import type { MmSteps } from './steps.js';
import type { MmPrograms } from './types.js';

const UNMAP = FLUSH_KINDS.indexOf('unmap');
const FREE_TABLE = FLUSH_KINDS.indexOf('freeTable');

/**
 * `tlb_gather_mmu`. Of several batches it takes the last one again if that is free, or else the first one behind it that is; when none is,
 * it waits for the one that has been held longest.
 */
export const tlbGatherMmu: MmPrograms['tlbGatherMmu'] = (mm) =>
  function* (cpu) {
    const { batches } = mm;
    const first = batches.first(cpu.id);
    if (batches.last === undefined) return first;
    const last = yield* cpu.load(batches.last(cpu.id));
    const oldest = (last + 1) % batches.perCpu;
    let taken = -1;
    for (let k = 0; k < batches.perCpu && taken < 0; k++) {
      const candidate = (last + k) % batches.perCpu;
      if (yield* cpu.compareExchange(batches.busy(first + candidate), 0, 1)) taken = candidate;
    }
    if (taken < 0) yield* cpu.waitAndExchange(batches.busy(first + oldest), 'equal', 0, 1);
    const batch = taken < 0 ? oldest : taken;
    yield* cpu.store(batches.last(cpu.id), batch);
    return first + batch;
  };

/** `ptep_get_and_clear_full` of one page: XCHG, so that no A or D update of a walker is lost. */
export const zapPte: MmPrograms['zapPte'] = (mm) =>
  function* (cpu, space, page, batch) {
    const entry = yield* cpu.exchange(mm.tables.pte(space, page), 0);
    if (!isPresent(entry)) return 0;
    const gathered = yield* cpu.load(mm.batches.count(batch));
    yield* cpu.store(mm.batches.frame(batch, gathered), pteTarget(entry));
    yield* cpu.store(mm.batches.count(batch), gathered + 1);
    return 1;
  };

export const unmapVmas: MmPrograms['unmapVmas'] = (mm) =>
  function* (cpu, space, firstPage, pageCount, batch) {
    const lock = mm.spaces.pageTableLock(space);
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    yield* cpu.call(mm.programs.flushBatchedPending, space);
    let zapped = 0;
    for (let page = firstPage; page < firstPage + pageCount; page++) {
      zapped += yield* cpu.call(mm.programs.zapPte, space, page, batch);
    }
    yield* spend(cpu, mm.options.costs.perPageZapCycles * (pageCount - 1));
    yield* cpu.store(lock, 0);
    return zapped;
  };

/**
 * `free_pgtables`: the upper entry goes, the table page waits in the batch for the invalidation. Where another CPU has
 * unhooked the table already there is nothing to free (`pmd_none_or_clear_bad` in `free_pmd_range`).
 */
export const freePageTables: MmPrograms['freePageTables'] = (mm) =>
  function* (cpu, space, page, batch) {
    const upper = yield* cpu.exchange(mm.tables.entry(space, page, 1), 0);
    if (!isPresent(upper)) return;
    yield* cpu.store(mm.batches.table(batch), mm.tables.table(space, page, 0) + 1);
  };

/** `tlb_finish_mmu`: unhook, invalidate, free; never in another order. */
export const tlbFinishMmu: MmPrograms['tlbFinishMmu'] = (mm) =>
  function* (cpu, kind, space, firstPage, pageCount, batch) {
    yield* cpu.call(mm.port.flush, kind, space, firstPage, pageCount);
    yield* mm.steps.releaseBatch(mm, cpu, batch);
  };

/** A batch whose flush has returned is freed, or the strategy takes it over: what was deferred of its flush waits for its release. */
export const releaseBatch: MmSteps['releaseBatch'] = function* (mm, cpu, batch) {
  const { release } = mm.port;
  if (release === undefined) {
    yield* cpu.call(mm.programs.freeBatch, batch);
    return;
  }
  yield* cpu.markHold(batch);
  yield* cpu.call(release, batch);
};

/** Gives the pages and the table of a batch back to the allocator. The ghost owner changes before the store that frees. */
export const freeBatch: MmPrograms['freeBatch'] = (mm) =>
  function* (cpu, batch) {
    const { batches, frames } = mm;
    const toDevice = mm.options.releaseTo === 'device';
    yield* cpu.markRelease(batch);
    const count = yield* cpu.load(batches.count(batch));
    for (let k = 0; k < count; k++) {
      const frame = yield* cpu.load(batches.frame(batch, k));
      yield* cpu.setFrameOwner(frame, toDevice ? DEVICE_OWNER : -1);
      if (!toDevice) yield* cpu.store(frames.frame(frame), 0);
    }
    const table = (yield* cpu.load(batches.table(batch))) - 1;
    if (table >= 0) {
      yield* cpu.setTableFreed(table, true);
      yield* cpu.store(frames.table(table), 0);
      yield* cpu.store(batches.table(batch), 0);
    }
    yield* cpu.store(batches.count(batch), 0);
    if (batches.perCpu > 1) yield* cpu.store(batches.busy(batch), 0);
  };

/** `zap_page_range`: one gather per batch that the range fills. Nothing mapped: nothing to flush (`tlb->end == 0`). */
export const zapPageRange: MmPrograms['zapPageRange'] = (mm) =>
  function* (cpu, space, firstPage, pageCount) {
    const end = firstPage + pageCount;
    for (let from = firstPage; from < end; from += mm.batches.capacity) {
      const count = Math.min(mm.batches.capacity, end - from);
      const batch = yield* cpu.call(mm.programs.tlbGatherMmu);
      const zapped = yield* cpu.call(mm.programs.unmapVmas, space, from, count, batch);
      if (zapped > 0) yield* cpu.call(mm.programs.tlbFinishMmu, UNMAP, space, from, count, batch);
      else if (mm.batches.perCpu > 1) yield* cpu.store(mm.batches.busy(batch), 0);
    }
  };

/**
 * `unmap_region`: works table by table. A table whose whole range goes is unhooked too, so the flush frees tables.
 * A batch has to hold one table's pages for that.
 */
export const unmapRegion: MmPrograms['unmapRegion'] = (mm) =>
  function* (cpu, space, firstPage, pageCount) {
    const perTable = 2 ** mm.shape.levelBits;
    const end = firstPage + pageCount;
    for (let from = firstPage; from < end; ) {
      const tableEnd = Math.min((Math.floor(from / perTable) + 1) * perTable, mm.shape.virtualPages);
      const count = Math.min(mm.batches.capacity, Math.min(end, tableEnd) - from);
      const isWholeTable = mm.shape.levels > 1 && from % perTable === 0 && from + count === tableEnd;
      const batch = yield* cpu.call(mm.programs.tlbGatherMmu);
      yield* cpu.call(mm.programs.unmapVmas, space, from, count, batch);
      if (isWholeTable) yield* cpu.call(mm.programs.freePageTables, space, from, batch);
      yield* cpu.call(mm.programs.tlbFinishMmu, isWholeTable ? FREE_TABLE : UNMAP, space, from, count, batch);
      from += count;
    }
  };
