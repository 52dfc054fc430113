import type { MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const flushBatchedPending: MmPrograms['flushBatchedPending'] = (mm) =>
  function* (cpu, space) {
    const batched = mm.spaces.flushBatched(space);
    if (yield* cpu.test(batched, 'equal', 0)) return;
    yield* cpu.store(batched, 0);
  };

export const m13: SeamEntry = {
  id: 'M13',
  title: 'mprotect does not flush what reclaim has deferred',
  source: 'Linux mm/rmap.c, flush_tlb_batched_pending (3ea277194dae)',
  story:
    'Reclaim has cleared the entry and will flush later. mprotect finds nothing to change, so nothing to flush, and returns; the page can still be written through the old entry.',
  memory: 'sc',
  kind: 'seam',
  seams: ['flushBatchedPending'],
  shipped: 'fixed',
  replacement: { programs: { flushBatchedPending } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim-protect', initiators: 2 }),
};
