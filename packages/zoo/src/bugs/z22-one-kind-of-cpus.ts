import { ALL_PAGES } from '@shootdown/mm';
import { broadcast, type BroadcastSteps, broadcastWith } from '@shootdown/strategy-broadcast';
import { cellOf, FROM_BOOT } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const flushEverything: BroadcastSteps['flushEverything'] = function* (broadcast, cpu) {
  const { asidCount, globalAsidCount, kernel } = broadcast.env;
  yield* cpu.phase('send');
  for (let asid = asidCount; asid < asidCount + globalAsidCount; asid++)
    yield* cpu.invlpgb(kernel.kernelPcid(asid), 0, ALL_PAGES);
  yield* cpu.phase('wait');
  yield* broadcast.steps.synchronise(broadcast, cpu);
};

export const z22: SeamEntry = {
  id: 'Z22',
  title: 'a batch with both kinds of mms is flushed for one kind only',
  source: 'INVLPGB series (R. van Riel), changes of version 2',
  story:
    'Reclaim names no process: it has unmapped pages of mms with a global ASID and of mms whose CPUs run them under ASIDs of their own. The flush at the end of the batch has to reach both; the series did it by TLBSYNC and IPIs, the shipped code names every PCID. Here only global ASIDs are flushed.',
  memory: 'sc',
  kind: 'seam',
  seams: ['flushEverything'],
  shipped: 'fixed',
  replacement: { strategy: broadcastWith({ flushEverything }) },
  strategy: broadcast,
  options: FROM_BOOT,
  cell: cellOf({ scenario: 'reclaim' }),
};
