import { asyncInline, type AsyncInlineSteps, asyncInlineWith } from '@shootdown/strategy-async-inline';
import { CsdFlag } from '@shootdown/smp-call-function';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const prepare: AsyncInlineSteps['prepare'] = function* ({ env }, cpu, { mm, firstPage, pageCount, kind }) {
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const generation = yield* cpu.call(env.kernel.nextGeneration, mm);
  yield* env.kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
  return generation;
};

const callOthers: AsyncInlineSteps['callOthers'] = function* (async, cpu, request, others) {
  const { kernel, callFunction: smp } = async.env;
  const isSynchronous = async.steps.isSynchronous(async, request);
  const flags = isSynchronous ? CsdFlag.synchronous : 0;
  const call = { func: async.remote, info: kernel.flushInfo.pointer(cpu.id), flags };
  yield* cpu.phase('queue');
  const woken = yield* smp.queueAll(cpu, others, (to) => smp.csds.slot(cpu.id, to), call);
  yield* cpu.phase('send');
  if (others.length === 1) yield* smp.sendSingle(cpu, others[0] as number);
  else yield* smp.sendMany(cpu, woken);
  yield* smp.indirectCall(cpu);
};

export const m16: SeamEntry = {
  id: 'M16',
  title: 'the request is not inlined, and its record is used again while a target still reads it',
  source: 'LKML 20190531063645.4697-11-namit@vmware.com (why patch 10 inlines the request)',
  story:
    'The csd carries a pointer to the per-CPU record. The target unlocks the csd before it has read the record, the initiator returns and fills the record for its next flush.',
  memory: 'sc',
  kind: 'seam',
  seams: ['prepare', 'callOthers'],
  shipped: 'fixed',
  replacement: { strategy: asyncInlineWith({ prepare, callOthers }) },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'reclaim' }),
};
