import { ALL_PAGES, ANY_MM, type Cpu, defineStrategy, type Program, type Strategy } from '@shootdown/plugin';

const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'deferring',
  title: 'Deferring',
  summary: 'Interrupts every other CPU, and waits for their flushes when the pages are to be released.',
  references: ['Example of what-the-checker-tells-you.md'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  guarantee: { unmap: 'release' },
  create({ cpuCount, features, kernel, records, vector }) {
    const owed = records('owed', ['flag'], cpuCount ** 2).flag;
    const debt = (from: number, to: number) => owed(from * cpuCount + to);
    const flushAll = vector('flush-all');

    function* othersHaveFlushed(cpu: Cpu): Program {
      for (let to = 0; to < cpuCount; to++) yield* cpu.waitUntil(debt(cpu.id, to), 'equal', 0);
    }

    return {
      *flush(cpu, { mm, firstPage, pageCount }) {
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        yield* othersHaveFlushed(cpu);
        for (let to = 0; to < cpuCount; to++) {
          if (to === cpu.id) continue;
          yield* cpu.store(debt(cpu.id, to), 1);
          if (!features.icrWriteDrainsStores) yield* cpu.fence();
          yield* cpu.sendIpi(to, flushAll);
        }
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        yield* cpu.enableInterrupts();
      },
      *release(cpu, batch) {
        yield* othersHaveFlushed(cpu);
        yield* cpu.call(kernel.release, batch);
      },
      handlers: {
        *'flush-all'(cpu) {
          for (let from = 0; from < cpuCount; from++) {
            if (yield* cpu.test(debt(from, cpu.id), 'equal', 0)) continue;
            yield* cpu.call(kernel.flushHere, ANY_MM, 0, ALL_PAGES, 0);
            yield* cpu.store(debt(from, cpu.id), 0);
          }
        },
      },
    };
  },
});

export default strategy;
