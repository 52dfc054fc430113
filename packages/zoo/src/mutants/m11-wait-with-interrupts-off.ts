import type { Program } from '@shootdown/core';
import { type CallFunctionSteps, CsdFlag } from '@shootdown/smp-call-function';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const csdLockWait: CallFunctionSteps['csdLockWait'] = function* ({ csds }, cpu, csd): Program {
  yield* cpu.disableInterrupts();
  yield* cpu.waitUntil(csds.flags(csd), 'allBitsClear', CsdFlag.lock);
  yield* cpu.enableInterrupts();
};

export const m11: SeamEntry = {
  id: 'M11',
  title: 'an initiator waits for its targets with interrupts off',
  source: 'kernel/smp.c, smp_call_function_many ("Can deadlock when called with interrupts disabled")',
  story: 'Two initiators wait for each other, and neither takes the interrupt of the other.',
  memory: 'sc',
  kind: 'seam',
  seams: ['csdLockWait'],
  shipped: 'fixed',
  replacement: { steps: { csdLockWait } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'two-pages', initiators: 2 }),
};
