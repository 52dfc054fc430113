import type { MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const setFlushPending: MmSteps['setFlushPending'] = function* (mm, cpu, space) {
  yield* cpu.call(mm.programs.nextGeneration, space);
  yield* mm.steps.addCpus(mm, cpu, space);
  yield* cpu.store(mm.reclaim.flushRequired(cpu.id), 1);
};

export const z5: SeamEntry = {
  id: 'Z5',
  title: 'reclaim defers its flush and nobody knows',
  source: 'Linux 3ea277194dae (2017)',
  story:
    'Reclaim clears an entry and flushes later, without a mark on the mm. mprotect finds no entry, concludes that nothing has to be flushed and returns; the page is still written through the old entry.',
  memory: 'sc',
  kind: 'seam',
  seams: ['setFlushPending'],
  shipped: 'fixed',
  replacement: { steps: { setFlushPending } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim-protect', initiators: 2 }),
};
