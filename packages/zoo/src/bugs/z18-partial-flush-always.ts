import type { MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const isPartialFlushEnough: MmSteps['isPartialFlushEnough'] = () => true;

export const z18: SeamEntry = {
  id: 'Z18',
  title: 'a page is flushed and the newest generation noted',
  source: 'Linux arch/x86/mm/tlb.c, comments in flush_tlb_func_common',
  story:
    'Several flushes were counted and one page is flushed, the one asked for; with the newest generation noted, the requests for the others find nothing left to do.',
  memory: 'sc',
  kind: 'seam',
  seams: ['isPartialFlushEnough'],
  shipped: 'fixed',
  replacement: { steps: { isPartialFlushEnough } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'two-pages', initiators: 2 }),
};
