import { type Cpu, defineStrategy, type FlushRequest, type Program, type Strategy } from '@shootdown/plugin';

const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: '<%= it.name %>',
  title: '<%= it.title %>',
  summary: 'Leaves a request, interrupts every CPU that it concerns, and waits until each of them has flushed.',
  references: [],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create({ kernel, cpuCount, records, program, vector }) {
    const request = records('request', ['mm', 'first', 'count', 'generation'], cpuCount, { home: (from) => from });
    const owes = records('owes', ['flag'], cpuCount ** 2, { home: (pair) => pair % cpuCount }).flag;
    const debt = (from: number, to: number) => owes(from * cpuCount + to);
    const flushNow = vector('flush-now');

    function* othersOf(cpu: Cpu, { cpus }: FlushRequest): Program<number[]> {
      const others: number[] = [];
      for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1))
        if (to !== cpu.id) others.push(to);
      return others;
    }

    /** The stores before the IPI are visible to whom it reaches: an ICR write may overtake them without the fence. */
    function* post(
      cpu: Cpu,
      { mm, firstPage, pageCount }: FlushRequest,
      generation: number,
      others: number[],
    ): Program {
      yield* cpu.store(request.mm(cpu.id), mm);
      yield* cpu.store(request.first(cpu.id), firstPage);
      yield* cpu.store(request.count(cpu.id), pageCount);
      yield* cpu.store(request.generation(cpu.id), generation);
      for (const to of others) yield* cpu.store(debt(cpu.id, to), 1);
      yield* cpu.fence();
      for (const to of others) yield* cpu.sendIpi(to, flushNow);
    }

    const serve = program('serve', function* (cpu, from: number) {
      if (yield* cpu.test(debt(from, cpu.id), 'equal', 0)) return;
      const mm = yield* cpu.load(request.mm(from));
      const first = yield* cpu.load(request.first(from));
      const count = yield* cpu.load(request.count(from));
      const generation = yield* cpu.load(request.generation(from));
      yield* cpu.call(kernel.flushHere, mm, first, count, generation);
      yield* cpu.store(debt(from, cpu.id), 0);
    });

    return {
      *flush(cpu, asked) {
        const generation = yield* cpu.call(kernel.nextGeneration, asked.mm);
        const others = yield* othersOf(cpu, asked);
        if (others.length > 0) yield* post(cpu, asked, generation, others);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, asked.mm, asked.firstPage, asked.pageCount, generation);
        yield* cpu.enableInterrupts();
        for (const to of others) yield* cpu.waitUntil(debt(cpu.id, to), 'equal', 0);
      },
      handlers: {
        *'flush-now'(cpu) {
          for (let from = 0; from < cpuCount; from++) yield* cpu.call(serve, from);
        },
      },
    };
  },
});

export default strategy;
