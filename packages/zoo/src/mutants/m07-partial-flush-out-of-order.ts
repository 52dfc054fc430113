import type { MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const isPartialFlushEnough: MmSteps['isPartialFlushEnough'] = (cpu, generation, _local, newest) =>
  cpu.difference(generation, newest) === 0;

export const m7: SeamEntry = {
  id: 'M7',
  title: 'the test new_tlb_gen == local + 1 is dropped',
  source: 'Linux arch/x86/mm/tlb.c, comments in flush_tlb_func_common',
  story:
    'Two flushes reach a CPU in reverse order: it flushes the page of the younger one, notes the younger generation, and finds nothing left to do for the older one.',
  memory: 'sc',
  kind: 'seam',
  seams: ['isPartialFlushEnough'],
  shipped: 'fixed',
  replacement: { steps: { isPartialFlushEnough } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'two-pages', initiators: 2 }),
};
