import { type Cpu, defineStrategy, type Program, type Strategy } from '@shootdown/plugin';

/** LATR (ASPLOS 2018): no interrupt; every CPU sweeps the others' records at its next tick or switch. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'latr-skeleton',
  title: 'LATR',
  summary: 'An unmap leaves a record; pages come back when every CPU has swept it.',
  references: ['Kumar et al., LATR: Lazy Translation Coherence, ASPLOS 2018'],
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { ticks: { type: 'integer', minimum: 1, maximum: 4, default: 2 } },
  },
  guarantee: { unmap: 'release' },
  assumes: [
    { name: 'ticks-in-step', statement: 'The ticks of any two CPUs differ by at most one.', maximumTickSkew: 1 },
  ],
  create({ kernel, cpuCount, records, program, vector }, { ticks }) {
    const home = (cpu: number): number => cpu;
    const state = records('latr_state', ['mm', 'first', 'count', 'generation'], cpuCount, { home });
    const owed = records('latr_owed', ['flag'], cpuCount ** 2, { stride: 1 });
    const held = records('latr_batch', ['batch', 'ticksLeft'], cpuCount, { home, wordClass: 'cpu' });
    const sweepNow = vector('latr-sweep');
    const debt = (from: number, to: number) => owed.flag(from * cpuCount + to);

    const sweepOne = program('latr_sweep', function* (cpu, from: number) {
      if (yield* cpu.test(debt(from, cpu.id), 'equal', 0)) return;
      const mm = yield* cpu.load(state.mm(from));
      const first = yield* cpu.load(state.first(from));
      const count = yield* cpu.load(state.count(from));
      yield* cpu.call(kernel.flushHere, mm, first, count, yield* cpu.load(state.generation(from)));
      yield* cpu.store(debt(from, cpu.id), 0);
    });
    function* sweep(cpu: Cpu): Program {
      for (let from = 0; from < cpuCount; from++) yield* cpu.call(sweepOne, from);
    }

    return {
      *flush(cpu, { kind, mm, firstPage, pageCount, cpus }) {
        yield* cpu.waitUntil(held.ticksLeft(cpu.id), 'equal', 0);
        yield* cpu.store(state.mm(cpu.id), mm);
        yield* cpu.store(state.first(cpu.id), firstPage);
        yield* cpu.store(state.count(cpu.id), pageCount);
        yield* cpu.store(state.generation(cpu.id), yield* cpu.call(kernel.nextGeneration, mm));
        const targets: number[] = [];
        for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1))
          targets.push(to);
        for (const to of targets) yield* cpu.store(debt(cpu.id, to), 1);
        yield* cpu.disableInterrupts();
        yield* cpu.call(sweepOne, cpu.id);
        yield* cpu.enableInterrupts();
        if (kind === 'unmap') return;
        for (const to of targets) if (to !== cpu.id) yield* cpu.sendIpi(to, sweepNow);
        for (const to of targets) yield* cpu.waitUntil(debt(cpu.id, to), 'equal', 0);
      },
      handlers: { 'latr-sweep': sweep },
      *release(cpu, batch) {
        yield* cpu.store(held.batch(cpu.id), batch);
        yield* cpu.store(held.ticksLeft(cpu.id), ticks);
      },
      *tick(cpu) {
        yield* sweep(cpu);
        const left = yield* cpu.load(held.ticksLeft(cpu.id));
        if (left === 0) return;
        yield* cpu.store(held.ticksLeft(cpu.id), left - 1);
        if (left === 1) yield* cpu.call(kernel.release, yield* cpu.load(held.batch(cpu.id)));
      },
      afterLoadCr3: sweep,
      enterIdle: sweep,
    };
  },
});

export default strategy;
