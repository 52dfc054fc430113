import { makePte, Pte } from '@shootdown/core';
import type { MmSteps } from './steps.js';
import type { MmPrograms } from './types.js';

/**
 * `alloc_page`: takes the first frame whose reference count is 0, from the page's own frame on (the page that this
 * address gave back last is the hottest one), from any frame when the choice is explored, or from behind the last one taken.
 */
export const allocatePage: MmPrograms['allocatePage'] = (mm) =>
  function* (cpu, space, page) {
    const count = mm.shape.frames;
    const start = yield* mm.steps.firstFrame(mm, cpu, space, page);
    for (let k = 0; k < count; k++) {
      const frame = (start + k) % count;
      if (!(yield* cpu.compareExchange(mm.frames.frame(frame), 0, 1))) continue;
      const { beforeReuse } = mm.port;
      if (beforeReuse === undefined || (yield* cpu.call(beforeReuse, frame)) !== 0) {
        if (mm.options.frameChoice === 'nextFree') yield* cpu.store(mm.frames.next(cpu.id), (frame + 1) % count);
        return frame;
      }
      yield* cpu.store(mm.frames.frame(frame), 0);
    }
    return yield* cpu.become(mm.programs.allocatePage, space, page);
  };

/** The frame that an allocation looks at first. */
export const firstFrame: MmSteps['firstFrame'] = function* (mm, cpu, space, page) {
  switch (mm.options.frameChoice) {
    case 'choose':
      return yield* cpu.choose(mm.shape.frames);
    case 'nextFree':
      return yield* cpu.load(mm.frames.next(cpu.id));
    default:
      return mm.tables.ownFrame(space, page);
  }
};

/** `__pte_alloc`, under the page-table lock. The table may still wait for its release by the CPU that unhooked it. */
export const allocateTable: MmPrograms['allocateTable'] = (mm) =>
  function* (cpu, space, page) {
    const lock = mm.spaces.pageTableLock(space);
    const upper = mm.tables.entry(space, page, 1);
    const table = mm.tables.table(space, page, 0);
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    if (yield* cpu.test(upper, 'equal', 0)) {
      yield* cpu.waitAndExchange(mm.frames.table(table), 'equal', 0, 1);
      yield* cpu.setTableFreed(table, false);
      yield* cpu.store(upper, makePte(table, Pte.writable));
    }
    yield* cpu.store(lock, 0);
  };

/** `wp_page_reuse`: under the lock, and only if the entry is still there. */
export const reuseWritable: MmSteps['reuseWritable'] = function* (mm, cpu, space, page) {
  const pte = mm.tables.pte(space, page);
  const lock = mm.spaces.pageTableLock(space);
  yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
  if (yield* cpu.test(pte, 'anyBitSet', Pte.present)) yield* cpu.setBits(pte, Pte.writable | Pte.dirty | Pte.accessed);
  yield* cpu.store(lock, 0);
};

/**
 * `handle_mm_fault`: `do_anonymous_page` for an absent page, `wp_page_reuse` for a store to a write-protected one.
 * Anything else was a spurious fault (SDM 4.10.4.3): the access is simply tried again. Growing rights needs no flush.
 */
export const handleMmFault: MmPrograms['handleMmFault'] = (mm) =>
  function* (cpu, space, page, isStore) {
    if (mm.shape.levels > 1 && (yield* cpu.test(mm.tables.entry(space, page, 1), 'equal', 0))) {
      yield* cpu.call(mm.programs.allocateTable, space, page);
    }
    const pte = mm.tables.pte(space, page);
    const lock = mm.spaces.pageTableLock(space);
    if (yield* cpu.test(pte, 'anyBitSet', Pte.present)) {
      if (isStore === 0 || (yield* cpu.test(pte, 'anyBitSet', Pte.writable))) return;
      yield* mm.steps.reuseWritable(mm, cpu, space, page);
      return;
    }
    const frame = yield* cpu.call(mm.programs.allocatePage, space, page);
    yield* cpu.setFrameOwner(frame, space);
    yield* cpu.store(mm.frameData(frame), 0);
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    if (yield* cpu.test(pte, 'equal', 0)) {
      yield* cpu.store(pte, makePte(frame, Pte.writable | Pte.accessed | (isStore === 0 ? 0 : Pte.dirty)));
    } else {
      yield* cpu.setFrameOwner(frame, -1);
      yield* cpu.store(mm.frames.frame(frame), 0);
    }
    yield* cpu.store(lock, 0);
  };
