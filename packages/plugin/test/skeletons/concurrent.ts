import { type Cpu, defineStrategy, type FlushRequest, type Program, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';
import { noOptions } from './shared-schema.js';

/** RFC v1 patches 3–6: queue, send, flush here while the others do, wait. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'concurrent-skeleton',
  title: 'Concurrent',
  summary: 'The local flush overlaps the remote ones.',
  references: ['20190525082203.6531-1-namit@vmware.com'],
  optionsSchema: noOptions,
  layout: { cpuTlbState: 'lazyApart', csd: 'packed', singleTargetCsd: 'slot', flushInfo: 'perCpu' },
  create({ kernel, callFunction: smp, cpuCount, records }) {
    const remote = smp.register(kernel.flushByInfo);
    const ownPart = records('flush_here', ['flag'], cpuCount, { home: (cpu) => cpu, wordClass: 'cpu' });

    function* queueAll(cpu: Cpu, request: FlushRequest): Program<number[]> {
      const targets: number[] = [];
      yield* cpu.store(ownPart.flag(cpu.id), 0);
      for (let to = 0; ; to++) {
        to = yield* cpu.nextSetBit(request.cpus, to);
        if (to < 0) return targets;
        if (to === cpu.id) yield* cpu.store(ownPart.flag(to), 1);
        else if (!(yield* cpu.test(kernel.isLazy(to), 'equal', 1))) {
          const info = kernel.flushInfo.pointer(cpu.id);
          yield* cpu.call(smp.programs.queueCall, smp.csds.slot(cpu.id, to), to, remote, info, CsdFlag.synchronous);
          targets.push(to);
        }
      }
    }

    return {
      *flush(cpu, { mm, firstPage, pageCount, kind, cpus }) {
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
        const targets = yield* queueAll(cpu, { mm, firstPage, pageCount, kind, cpus });
        yield* smp.sendMany(cpu, targets);
        yield* cpu.disableInterrupts();
        if (yield* cpu.test(ownPart.flag(cpu.id), 'equal', 1)) {
          yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        }
        yield* cpu.enableInterrupts();
        for (const to of targets) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
      },
    };
  },
});

export default strategy;
