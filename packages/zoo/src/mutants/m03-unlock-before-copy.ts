import { type CallFunctionPrograms, CsdFlag } from '@shootdown/smp-call-function';
import { spend } from '@shootdown/core';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const runCsd: CallFunctionPrograms['runCsd'] = (smp) =>
  function* (cpu, entry) {
    if (entry === 0) return;
    const csd = entry - 1;
    const { csds } = smp;
    yield* spend(cpu, smp.costs.handlerItemCycles);
    const next = yield* cpu.load(csds.next(csd));
    const func = yield* cpu.load(csds.func(csd));
    const flags = yield* cpu.load(csds.flags(csd));
    const isSynchronous = (flags & CsdFlag.synchronous) !== 0;
    if (!isSynchronous) {
      yield* cpu.store(smp.asyncInProgress(cpu.id), func);
      yield* smp.csdUnlock(cpu, csd);
    }
    let info: number = smp.payloadCopy(cpu.id);
    if ((flags & CsdFlag.inlined) !== 0) yield* cpu.call(smp.programs.copyPayload, csd);
    else info = yield* cpu.load(csds.info(csd));
    yield* smp.indirectCall(cpu);
    yield* cpu.call(smp.called(func), info);
    if (isSynchronous) yield* smp.csdUnlock(cpu, csd);
    else yield* cpu.store(smp.asyncInProgress(cpu.id), 0);
    return yield* cpu.become(smp.programs.runCsd, next);
  };

export const m3: SeamEntry = {
  id: 'M3',
  title: 'the csd is unlocked before its payload is copied',
  source: 'LKML 20190531063645.4697-11-namit@vmware.com, patch 10',
  story:
    'Once the csd is unlocked its sender may fill it for the next call, and the target copies that request or half of it.',
  memory: 'sc',
  kind: 'seam',
  seams: ['runCsd'],
  shipped: 'fixed',
  replacement: { programs: { runCsd } },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'reclaim' }),
};
