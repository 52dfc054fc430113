import { type CallFunctionPrograms, CsdFlag } from '@shootdown/smp-call-function';
import { spend } from '@shootdown/core';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const runCsd: CallFunctionPrograms['runCsd'] = (smp) =>
  function* (cpu, entry) {
    if (entry === 0) return;
    const csd = entry - 1;
    const { csds } = smp;
    yield* spend(cpu, smp.costs.handlerItemCycles);
    const func = yield* cpu.load(csds.func(csd));
    const flags = yield* cpu.load(csds.flags(csd));
    let info: number = smp.payloadCopy(cpu.id);
    if ((flags & CsdFlag.inlined) !== 0) yield* cpu.call(smp.programs.copyPayload, csd);
    else info = yield* cpu.load(csds.info(csd));
    const isSynchronous = (flags & CsdFlag.synchronous) !== 0;
    if (!isSynchronous) {
      yield* cpu.store(smp.asyncInProgress(cpu.id), func);
      yield* smp.csdUnlock(cpu, csd);
    }
    yield* smp.indirectCall(cpu);
    yield* cpu.call(smp.called(func), info);
    if (isSynchronous) yield* smp.csdUnlock(cpu, csd);
    else yield* cpu.store(smp.asyncInProgress(cpu.id), 0);
    const next = yield* cpu.load(csds.next(csd));
    return yield* cpu.become(smp.programs.runCsd, next);
  };

export const m4: SeamEntry = {
  id: 'M4',
  title: 'the link to the next csd is read after the unlock',
  source: 'kernel/smp.c, flush_smp_call_function_queue (llist_for_each_entry_safe)',
  story:
    'After the unlock the sender may push the csd on another queue or return from the stack frame that it lies in; its link then leads anywhere. The handler reads the link first.',
  memory: 'sc',
  kind: 'seam',
  seams: ['runCsd'],
  shipped: 'fixed',
  replacement: { programs: { runCsd } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim' }),
};
