import { Pte } from '@shootdown/core';
import type { MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const reuseWritable: MmSteps['reuseWritable'] = function* (mm, cpu, space, page) {
  const pte = mm.tables.pte(space, page);
  const entry = yield* cpu.load(pte);
  yield* cpu.store(pte, entry | Pte.writable | Pte.dirty | Pte.accessed);
};

export const z32: SeamEntry = {
  id: 'Z32',
  title: 'a fault handler writes back an entry that was cleared meanwhile',
  source: 'Linux ia64 d8117ce5a679',
  story:
    'The handler reads the entry, adds its flags and stores it without the lock. Reclaim has cleared it in between: the page is mapped again while its frame goes back to the allocator.',
  memory: 'sc',
  kind: 'seam',
  seams: ['reuseWritable'],
  shipped: 'fixed',
  replacement: { steps: { reuseWritable } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim-protect', initiators: 2 }),
};
