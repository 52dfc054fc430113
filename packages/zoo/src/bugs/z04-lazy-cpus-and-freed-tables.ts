import { sync, type SyncSteps, syncWith } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const targetsOf: SyncSteps['targetsOf'] = function* (sync, cpu, { kind }, members) {
  return kind === 'kernel' ? members : yield* sync.steps.notLazy(sync, cpu, members);
};

export const z4: SeamEntry = {
  id: 'Z4',
  title: 'lazy CPUs are skipped although page tables are freed',
  source: 'Linux 2ff6ddf19c0e and 706a1ea65e (2018)',
  story:
    'A CPU in lazy TLB mode still has the mm loaded and walks its page tables by speculation. It is not told of the flush, and its paging-structure cache leads into a table page that somebody else owns by now.',
  memory: 'sc',
  kind: 'seam',
  seams: ['targetsOf'],
  shipped: 'fixed',
  replacement: { strategy: syncWith({ targetsOf }) },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'free-table', targets: 'lazy', walker: 'saturated' }),
};
