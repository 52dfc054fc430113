import type { Program } from '@shootdown/core';
import { type CallFunctionSteps, CsdFlag } from '@shootdown/smp-call-function';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const csdLockWait: CallFunctionSteps['csdLockWait'] = function* ({ csds }, cpu, csd): Program {
  if (!(yield* cpu.test(csds.flags(csd), 'anyBitSet', CsdFlag.synchronous))) return;
  yield* cpu.waitUntil(csds.flags(csd), 'allBitsClear', CsdFlag.lock);
};

export const m1: SeamEntry = {
  id: 'M1',
  title: 'a call with wait=0 is not waited for',
  source: 'kernel/smp.c, smp_call_function_many; LKML 20190531063645.4697-1-namit@vmware.com, patch 11',
  story:
    'csd_lock_wait looks at the SYNCHRONOUS flag and goes on at once without it, as callers of wait=0 are used to.',
  memory: 'sc',
  kind: 'seam',
  seams: ['csdLockWait'],
  shipped: 'fixed',
  replacement: { steps: { csdLockWait } },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'reclaim' }),
};
