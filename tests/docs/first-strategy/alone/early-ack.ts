import { defineStrategy, type Strategy } from '@shootdown/plugin';

const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'early-ack',
  title: 'Early acknowledgement',
  summary: 'A target acknowledges once it has copied the request, then flushes.',
  references: ['FreeBSD sys/amd64/amd64/mp_machdep.c'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create({ kernel }) {
    return {
      *flush(cpu, { mm, firstPage, pageCount }) {
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        yield* cpu.enableInterrupts();
      },
    };
  },
});

export default strategy;
