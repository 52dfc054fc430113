import type { MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const leaveLazy: MmSteps['leaveLazy'] = function* (_mm, cpu) {
  yield* cpu.fence();
};

export const z29: SeamEntry = {
  id: 'Z29',
  title: 'a lazy CPU resumes on the context it had',
  source: 'Linux arm 8678c1f04277; ia64 cfbb1426bd76',
  story:
    'A CPU that kept the context while it ran a kernel thread goes on with it unseen: flushes that did not reach it are lost. On Arm the mm had a new ASID meanwhile; in the shipped code it is the generation that has to be compared.',
  memory: 'sc',
  kind: 'seam',
  seams: ['leaveLazy'],
  shipped: 'fixed',
  replacement: { steps: { leaveLazy } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim', targets: 'lazy' }),
};
