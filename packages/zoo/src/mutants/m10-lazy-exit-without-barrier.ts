import type { MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const leaveLazy: MmSteps['leaveLazy'] = function* (mm, cpu, next, asid) {
  const newest = yield* cpu.load(mm.spaces.generation(next));
  if (yield* cpu.test(mm.tlbState.generation(cpu.id, asid), 'equal', newest)) return;
  yield* mm.steps.loadCr3(mm, cpu, next, asid, newest, true);
};

export const m10: SeamEntry = {
  id: 'M10',
  title: 'a CPU leaves lazy TLB mode without the full barrier',
  source: 'Linux arch/x86/mm/tlb.c, switch_mm_irqs_off ("Read the tlb_gen to check whether a flush is needed")',
  story:
    'The store that clears is_lazy stays in the store buffer while tlb_gen is read. A flush in between sees a lazy CPU and skips it, and the CPU has read the old generation.',
  memory: 'tso',
  kind: 'seam',
  seams: ['leaveLazy'],
  shipped: 'fixed',
  replacement: { steps: { leaveLazy } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim', targets: 'lazy' }),
};
