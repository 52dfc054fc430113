import { isPresent } from '@shootdown/core';
import type { MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const freePageTables: MmPrograms['freePageTables'] = (mm) =>
  function* (cpu, space, page, _batch) {
    const upper = yield* cpu.exchange(mm.tables.entry(space, page, 1), 0);
    if (!isPresent(upper)) return;
    const table = mm.tables.table(space, page, 0);
    yield* cpu.setTableFreed(table, true);
    yield* cpu.store(mm.frames.table(table), 0);
  };

export const z9: SeamEntry = {
  id: 'Z9',
  title: 'a table is dropped when its upper entry is cleared',
  source: 'Linux a4a118f2eead, CVE-2021-4002 (hugetlb PMD unsharing)',
  story:
    'Clearing the upper entry gives the reference on a shared table up, and the table is re-used before the flush. The table has to wait for the invalidation like every page.',
  memory: 'sc',
  kind: 'seam',
  seams: ['freePageTables'],
  shipped: 'fixed',
  replacement: { programs: { freePageTables } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'free-table' }),
};
