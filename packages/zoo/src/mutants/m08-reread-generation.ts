import { spend } from '@shootdown/core';
import { ALL_PAGES, ANY_MM, INIT_MM, type MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const flushTlbFunc: MmPrograms['flushTlbFunc'] = (mm) =>
  function* (cpu, space, firstPage, pageCount, generation) {
    if (space === INIT_MM) return yield* cpu.become(mm.programs.flushKernelRange, firstPage, pageCount);
    const { tlbState, spaces } = mm;
    const loaded = yield* cpu.load(tlbState.loadedMm(cpu.id));
    if (space !== ANY_MM && loaded !== space) return;
    if (loaded < 0) return;
    const asid = yield* cpu.load(tlbState.loadedAsid(cpu.id));
    const newest = yield* cpu.loadSealed(spaces.generation(loaded));
    const own = tlbState.generation(cpu.id, asid);
    const local = yield* cpu.loadSealed(own);
    if (yield* cpu.test(tlbState.isLazy(cpu.id), 'equal', 1)) {
      yield* cpu.call(mm.programs.switchMm, INIT_MM);
      return;
    }
    if (cpu.difference(local, newest) === 0) return;
    yield* spend(cpu, mm.options.costs.flushFunctionCycles);
    const inRange = pageCount !== ALL_PAGES && pageCount <= mm.options.singlePageFlushCeiling;
    if (inRange && mm.steps.isPartialFlushEnough(cpu, generation, local, newest))
      yield* mm.steps.flushPages(mm, cpu, asid, firstPage, pageCount);
    else yield* mm.steps.flushAll(mm, cpu, loaded, asid);
    yield* cpu.storeSealed(own, yield* cpu.loadSealed(spaces.generation(loaded)));
  };

export const m8: SeamEntry = {
  id: 'M8',
  title: 'tlb_gen is read again after the flush',
  source: 'Linux arch/x86/mm/tlb.c, comments in flush_tlb_func_common',
  story:
    'Another flush is counted between the invalidation and the second read. The CPU notes that generation as done, and the request for it finds nothing to do.',
  memory: 'sc',
  kind: 'seam',
  seams: ['flushTlbFunc'],
  shipped: 'fixed',
  replacement: { programs: { flushTlbFunc } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim-protect', initiators: 2 }),
};
