import { defineStrategy, type FlushRequest, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/** RFC v2 patches 10–12: arguments travel in the csd, a target acknowledges when it has copied them. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'async-inline-skeleton',
  title: 'Asynchronous, inlined data',
  summary: 'Waits until every target has taken the request, not until it has flushed.',
  references: ['20190531063645.4697-11-namit@vmware.com'],
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ack: { enum: ['early', 'late', 'none'], default: 'early' },
      freedTables: { enum: ['sync', 'early'], default: 'sync' },
      nmiGuard: { type: 'boolean', default: true },
    },
  },
  layout: { cpuTlbState: 'lazyApart', csd: 'line', singleTargetCsd: 'slot', flushInfo: 'stack' },
  create({ kernel, callFunction: smp }, { ack, freedTables, nmiGuard }) {
    const remote = smp.register(kernel.flushByInfo);
    const isSynchronous = ({ kind }: FlushRequest): boolean =>
      ack === 'late' || kind === 'kernel' || (kind === 'freeTable' && freedTables === 'sync');

    return {
      *flush(cpu, request) {
        const { mm, firstPage, pageCount, kind } = request;
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', false);
        const info = kernel.flushInfo.pointer(cpu.id);
        const flags = CsdFlag.inlined | (isSynchronous(request) ? CsdFlag.synchronous : 0);
        const targets: number[] = [];
        for (
          let to = yield* cpu.nextSetBit(request.cpus, 0);
          to >= 0;
          to = yield* cpu.nextSetBit(request.cpus, to + 1)
        ) {
          if (to === cpu.id) continue;
          yield* cpu.call(smp.programs.queueCall, smp.csds.slot(cpu.id, to), to, remote, info, flags);
          targets.push(to);
        }
        yield* smp.sendMany(cpu, targets);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        yield* cpu.enableInterrupts();
        if (ack === 'none' && !isSynchronous(request)) return;
        for (const to of targets) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
      },
      *mayAccessUser(cpu) {
        return !nmiGuard || (yield* cpu.test(smp.asyncInProgress(cpu.id), 'notEqual', remote));
      },
    };
  },
});

export default strategy;
