import { spend } from '@shootdown/core';
import { ALL_PAGES, ANY_MM, INIT_MM, type MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const flushTlbFunc: MmPrograms['flushTlbFunc'] = (mm) =>
  function* (cpu, space, firstPage, pageCount, generation) {
    if (space === INIT_MM) return yield* cpu.become(mm.programs.flushKernelRange, firstPage, pageCount);
    const { tlbState, spaces } = mm;
    if (space !== ANY_MM) yield* cpu.waitUntil(tlbState.loadedMm(cpu.id), 'equal', space);
    const loaded = yield* cpu.load(tlbState.loadedMm(cpu.id));
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
    yield* cpu.storeSealed(own, newest);
  };

export const z34: SeamEntry = {
  id: 'Z34',
  title: 'the handler insists on the mm being loaded',
  source: 'Linux 7899891c7d16 (xen_drop_mm_ref)',
  story:
    'The CPU leaves the mm between the read of the mask and the arrival of the IPI. The handler has to find nothing to do; one that asserts the opposite stops the CPU, and with it the initiator.',
  memory: 'sc',
  kind: 'seam',
  seams: ['flushTlbFunc'],
  shipped: 'fixed',
  replacement: { programs: { flushTlbFunc } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'free-table', targets: 'idle' }),
};
