import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'one-by-one',
  title: 'One by one',
  summary: 'Flushes here, then interrupts one CPU after the other and waits for each.',
  references: ['Example of the README'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create({ kernel, callFunction: smp }) {
    const flushThere = smp.register(kernel.flushByInfo);
    return {
      *flush(cpu, { kind, mm, firstPage, pageCount, cpus }) {
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        const info = kernel.flushInfo.pointer(cpu.id);
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        yield* cpu.enableInterrupts();
        for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1)) {
          if (to === cpu.id) continue;
          const csd = smp.csds.slot(cpu.id, to);
          yield* cpu.call(smp.programs.queueCall, csd, to, flushThere, info, CsdFlag.synchronous);
          yield* smp.sendSingle(cpu, to);
          yield* smp.csdLockWait(cpu, csd);
        }
      },
    };
  },
});

export default strategy;
