import { FLUSH_KINDS } from '@shootdown/core';
import type { MmPrograms } from '@shootdown/mm';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const UNMAP = FLUSH_KINDS.indexOf('unmap');

const unmapRegion: MmPrograms['unmapRegion'] = (mm) =>
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
      yield* cpu.call(mm.programs.tlbFinishMmu, UNMAP, space, from, count, batch);
      from += count;
    }
  };

export const z23: SeamEntry = {
  id: 'Z23',
  title: 'the flush is not told that tables are freed',
  source: 'Linux 3ef938c35035 (2025)',
  story:
    'The request says that pages were unmapped, and a table goes too. Whatever a strategy does for freed tables it does not do here: this one lets the target acknowledge before it flushes.',
  memory: 'sc',
  kind: 'seam',
  seams: ['unmapRegion'],
  shipped: 'fixed',
  replacement: { programs: { unmapRegion } },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'free-table' }),
};
