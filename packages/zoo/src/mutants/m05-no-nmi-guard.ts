import { asyncInline, type AsyncInlineSteps, asyncInlineWith } from '@shootdown/strategy-async-inline';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const mayAccessUser: AsyncInlineSteps['mayAccessUser'] = function* ({ env, options }, cpu) {
  return !options.nmiGuard || (yield* cpu.test(env.callFunction.asyncInProgress(cpu.id), 'atLeast', 0));
};

export const m5: SeamEntry = {
  id: 'M5',
  title: 'nmi_uaccess_okay() knows nothing of an acknowledged flush',
  source: 'LKML 20190531063645.4697-12-namit@vmware.com, condition 2 of patch 11',
  story:
    'An NMI between acknowledgement and flush asks, is allowed, and reads user memory through the old entry after the initiator has gone on.',
  memory: 'sc',
  kind: 'seam',
  seams: ['mayAccessUser'],
  shipped: 'fixed',
  replacement: { strategy: asyncInlineWith({ mayAccessUser }) },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'reclaim', nmis: 1 }),
};
