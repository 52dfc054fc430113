import { type Cpu, defineStrategy, type FlushRequest, type Program, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';
import { noOptions } from './shared-schema.js';

/** Linux 5.2: local flush, then a cross-call to the others, then the wait. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'sync-skeleton',
  title: 'Synchronous',
  summary: 'Flush here, ask the others, wait until all have flushed.',
  references: ['arch/x86/mm/tlb.c, Linux 5.2'],
  optionsSchema: noOptions,
  layout: { cpuTlbState: 'together', csd: 'packed', singleTargetCsd: 'stack', flushInfo: 'perCpu' },
  create({ kernel, callFunction: smp, costs, spend }) {
    const remote = smp.register(kernel.flushByInfo);

    function* flushLocally(cpu: Cpu, request: FlushRequest, generation: number): Program {
      yield* cpu.phase('localFlush');
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.flushHere, request.mm, request.firstPage, request.pageCount, generation);
      yield* cpu.enableInterrupts();
    }

    function* targetsOf(cpu: Cpu, request: FlushRequest): Program<number[]> {
      yield* spend(cpu, costs.cpumaskAllocCycles);
      const targets: number[] = [];
      for (let to = 0; ; to++) {
        to = yield* cpu.nextSetBit(request.cpus, to);
        if (to < 0) return targets;
        if (to === cpu.id) continue;
        const lazy = request.kind !== 'freeTable' && (yield* cpu.test(kernel.isLazy(to), 'equal', 1));
        if (!lazy) targets.push(to);
      }
    }

    function* callOthers(cpu: Cpu, targets: readonly number[]): Program {
      const [first] = targets;
      if (first === undefined) return;
      const isSingle = targets.length === 1;
      const csdOf = (to: number): number => (isSingle ? smp.csds.stack(cpu.id) : smp.csds.slot(cpu.id, to));
      const info = kernel.flushInfo.pointer(cpu.id);
      const woken: number[] = [];
      yield* cpu.phase('queue');
      for (const to of targets) {
        const wasEmpty = yield* cpu.call(smp.programs.queueCall, csdOf(to), to, remote, info, CsdFlag.synchronous);
        if (wasEmpty === 1) woken.push(to);
      }
      yield* cpu.phase('send');
      if (isSingle) yield* smp.sendSingle(cpu, first);
      else yield* smp.sendMany(cpu, woken);
      yield* cpu.phase('wait');
      for (const to of targets) yield* smp.csdLockWait(cpu, csdOf(to));
    }

    return {
      *flush(cpu, request) {
        yield* spend(cpu, costs.flushSetupCycles);
        const generation = yield* cpu.call(kernel.nextGeneration, request.mm);
        const { mm, firstPage, pageCount, kind } = request;
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
        if (yield* cpu.test(kernel.loadedMm(cpu.id), 'equal', mm)) yield* flushLocally(cpu, request, generation);
        yield* callOthers(cpu, yield* targetsOf(cpu, request));
      },
    };
  },
});

export default strategy;
