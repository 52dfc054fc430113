import { FLUSH_KINDS, isPresent, maskWord, pteTarget } from '@shootdown/core';
import { ALL_PAGES, ANY_MM } from '../constants.js';
import type { MmSteps } from './steps.js';
import type { MmPrograms } from './types.js';

const RECLAIM = FLUSH_KINDS.indexOf('reclaim');

/**
 * `try_to_unmap_one` with `set_tlb_ubc_flush_pending`: under the page-table lock the entry is cleared, tlb_gen counted,
 * mm_cpumask added to the batch, and the mm marked so that a racing unmap or mprotect flushes first.
 */
export const tryToUnmapOne: MmPrograms['tryToUnmapOne'] = (mm) =>
  function* (cpu, space, page, batch) {
    const lock = mm.spaces.pageTableLock(space);
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    const entry = yield* cpu.exchange(mm.tables.pte(space, page), 0);
    if (!isPresent(entry)) {
      yield* cpu.store(lock, 0);
      return 0;
    }
    const gathered = yield* cpu.load(mm.batches.count(batch));
    yield* cpu.store(mm.batches.frame(batch, gathered), pteTarget(entry));
    yield* cpu.store(mm.batches.count(batch), gathered + 1);
    yield* cpu.markCover(space, page, 1);
    yield* mm.steps.setFlushPending(mm, cpu, space);
    yield* cpu.store(lock, 0);
    return 1;
  };

/** `set_tlb_ubc_flush_pending`, under the page-table lock: whoever takes the lock next knows that a flush is owed. */
export const setFlushPending: MmSteps['setFlushPending'] = function* (mm, cpu, space) {
  yield* cpu.call(mm.programs.nextGeneration, space);
  yield* mm.steps.addCpus(mm, cpu, space);
  yield* cpu.store(mm.reclaim.flushRequired(cpu.id), 1);
  yield* cpu.store(mm.spaces.flushBatched(space), 1);
};

/** `arch_tlbbatch_add_mm`: cpumask_or of the mm's mask into the batch. */
export const addCpus: MmSteps['addCpus'] = function* (mm, cpu, space) {
  for (let first = 0; first < mm.shape.cpuCount; first += 32) {
    const added = yield* cpu.load(maskWord(mm.spaces.cpuMask(space), first));
    const word = maskWord(mm.reclaim.cpuMask(cpu.id), first);
    yield* cpu.store(word, (yield* cpu.load(word)) | added);
  }
};

/** `try_to_unmap_flush`: `arch_tlbbatch_flush` of the batch's CPUs, whatever mm they run, then the mask is cleared. */
export const tryToUnmapFlush: MmPrograms['tryToUnmapFlush'] = (mm) =>
  function* (cpu) {
    if (yield* cpu.test(mm.reclaim.flushRequired(cpu.id), 'equal', 0)) return;
    yield* cpu.call(mm.port.flush, RECLAIM, ANY_MM, 0, ALL_PAGES);
    for (let first = 0; first < mm.shape.cpuCount; first += 32)
      yield* cpu.store(maskWord(mm.reclaim.cpuMask(cpu.id), first), 0);
    yield* cpu.store(mm.reclaim.flushRequired(cpu.id), 0);
  };

/** `shrink_page_list`: unmap without flushing, one flush for all, then the pages may be re-used (or written out). */
export const shrinkPageList: MmPrograms['shrinkPageList'] = (mm) =>
  function* (cpu, space, firstPage, pageCount) {
    const end = firstPage + pageCount;
    for (let from = firstPage; from < end; from += mm.batches.capacity) {
      const batch = yield* cpu.call(mm.programs.tlbGatherMmu);
      for (let page = from; page < Math.min(from + mm.batches.capacity, end); page++) {
        yield* cpu.call(mm.programs.tryToUnmapOne, space, page, batch);
      }
      yield* cpu.call(mm.programs.tryToUnmapFlush);
      yield* mm.steps.releaseBatch(mm, cpu, batch);
    }
  };
