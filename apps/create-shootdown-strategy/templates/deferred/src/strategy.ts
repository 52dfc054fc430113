import { type Cpu, defineStrategy, type FlushRequest, type Program, type Strategy } from '@shootdown/plugin';

const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: '<%= it.name %>',
  title: '<%= it.title %>',
  summary: 'An unmap interrupts the other CPUs and waits for none: its pages come back when each of them has flushed.',
  references: [],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  guarantee: { unmap: 'release' },
  create({ kernel, cpuCount, features, records, program, vector }) {
    const request = records('request', ['mm', 'first', 'count', 'generation'], cpuCount, { home: (from) => from });
    const owes = records('owes', ['flag'], cpuCount ** 2, { home: (pair) => pair % cpuCount }).flag;
    const debt = (from: number, to: number) => owes(from * cpuCount + to);
    /** Number of the batch that waits for the debts of its CPU, + 1; 0: none does. */
    const held = records('held', ['batch'], cpuCount, { home: (at) => at, wordClass: 'cpu' }).batch;
    const flushNow = vector('flush-now');

    function* othersOf(cpu: Cpu, { cpus }: FlushRequest): Program<number[]> {
      const others: number[] = [];
      for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1))
        if (to !== cpu.id) others.push(to);
      return others;
    }

    /** The stores before the IPI are visible to whom it reaches, also on a machine whose ICR write overtakes them. */
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
      if (!features.icrWriteDrainsStores) yield* cpu.fence();
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

    /** A CPU owes itself nothing, and what need not be looked at is one step less between which others may act. */
    const othersThan = (cpu: Cpu) => Array.from({ length: cpuCount }, (_, to) => to).filter((to) => to !== cpu.id);

    function* waitForAll(cpu: Cpu): Program {
      for (const to of othersThan(cpu)) yield* cpu.waitUntil(debt(cpu.id, to), 'equal', 0);
    }

    function* isFlushed(cpu: Cpu): Program<boolean> {
      for (const to of othersThan(cpu)) if (yield* cpu.test(debt(cpu.id, to), 'notEqual', 0)) return false;
      return true;
    }

    /** Gives the held batch back if nobody owes. Interrupts off: a tick on the way would give it back too. */
    const giveBack = program('give_back', function* (cpu) {
      const batch = (yield* cpu.load(held(cpu.id))) - 1;
      if (batch < 0 || !(yield* isFlushed(cpu))) return;
      yield* cpu.store(held(cpu.id), 0);
      yield* cpu.call(kernel.release, batch);
    });

    /** The request of the last unmap may still be read, so the next one waits for it. */
    function* finishLast(cpu: Cpu): Program {
      yield* waitForAll(cpu);
      if (yield* cpu.test(held(cpu.id), 'equal', 0)) return;
      yield* cpu.disableInterrupts();
      yield* cpu.call(giveBack);
      yield* cpu.enableInterrupts();
    }

    return {
      *flush(cpu, asked) {
        yield* finishLast(cpu);
        const generation = yield* cpu.call(kernel.nextGeneration, asked.mm);
        const others = yield* othersOf(cpu, asked);
        yield* cpu.disableInterrupts();
        if (others.length > 0) yield* post(cpu, asked, generation, others);
        yield* cpu.call(kernel.flushHere, asked.mm, asked.firstPage, asked.pageCount, generation);
        yield* cpu.enableInterrupts();
        if (asked.kind !== 'unmap') yield* waitForAll(cpu);
      },
      handlers: {
        *'flush-now'(cpu) {
          for (const from of othersThan(cpu)) yield* cpu.call(serve, from);
        },
      },
      /** A batch may come without a flush of its own, and find another one held. */
      *release(cpu, batch) {
        if (yield* cpu.test(held(cpu.id), 'notEqual', 0)) yield* finishLast(cpu);
        if (yield* isFlushed(cpu)) yield* cpu.call(kernel.release, batch);
        else yield* cpu.store(held(cpu.id), batch + 1);
      },
      *tick(cpu) {
        yield* cpu.call(giveBack);
      },
    };
  },
});

export default strategy;
