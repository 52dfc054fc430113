import { broadcast, type BroadcastSteps, broadcastWith } from '@shootdown/strategy-broadcast';
import { cellOf, FROM_BOOT } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const synchronise: BroadcastSteps['synchronise'] = function* (_broadcast, cpu) {
  yield* cpu.fence();
};

export const m14: SeamEntry = {
  id: 'M14',
  title: 'a broadcast invalidation is not waited for',
  source: 'AMD64 Architecture Programmer’s Manual vol. 3, INVLPGB and TLBSYNC',
  story: 'INVLPGB returns when the request is out. Without TLBSYNC nothing says when a CPU has carried it out.',
  memory: 'sc',
  kind: 'seam',
  seams: ['synchronise'],
  shipped: 'fixed',
  replacement: { strategy: broadcastWith({ synchronise }) },
  strategy: broadcast,
  options: FROM_BOOT,
  cell: cellOf({ scenario: 'reclaim' }),
};
