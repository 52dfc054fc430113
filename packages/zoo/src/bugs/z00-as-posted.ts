import { asyncInline, type AsyncInlineSteps, asyncInlineWith } from '@shootdown/strategy-async-inline';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const awaitOthers: AsyncInlineSteps['awaitOthers'] = function* (async, cpu, request, others) {
  const { callFunction: smp } = async.env;
  if (!async.steps.isSynchronous(async, request)) return;
  yield* cpu.phase('wait');
  for (const to of others) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
};

export const z0: SeamEntry = {
  id: 'Z0',
  title: 'the asynchronous flush as first posted',
  source: 'LKML 20190531063645.4697-12-namit@vmware.com, patch 11 as posted',
  story:
    'The initiator does not wait until the target has picked the request up. It returns while the IPI is on its way and user code goes on with the old entry. The author restored the wait in the thread; benchmarks had not shown that it was missing.',
  memory: 'sc',
  kind: 'seam',
  seams: ['awaitOthers'],
  shipped: 'fixed',
  replacement: { strategy: asyncInlineWith({ awaitOthers }) },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'reclaim' }),
};
