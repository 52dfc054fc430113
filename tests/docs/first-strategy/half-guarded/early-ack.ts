import { type Cpu, defineStrategy, type FlushRequest, type Program, type Strategy } from '@shootdown/plugin';

const [DONE, EARLY, LATE] = [0, 1, 2] as const;

const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'early-ack',
  title: 'Early acknowledgement',
  summary: 'A target acknowledges once it has copied the request, then flushes.',
  references: ['FreeBSD sys/amd64/amd64/mp_machdep.c'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create({ costs, cpuCount, features, kernel, program, records, spend, vector }) {
    const fields = ['state', 'mm', 'firstPage', 'pageCount', 'generation'] as const;
    const slots = records('slot', fields, cpuCount ** 2, { home: (index) => Math.floor(index / cpuCount) });
    const slot = (from: number, to: number): number => from * cpuCount + to;
    const earlyAck = vector('early-ack');
    const isEarly = (kind: FlushRequest['kind']): boolean => kind !== 'freeTable' && kind !== 'kernel';

    function* ask(cpu: Cpu, to: number, request: FlushRequest, generation: number): Program {
      const i = slot(cpu.id, to);
      yield* cpu.store(slots.mm(i), request.mm);
      yield* cpu.store(slots.firstPage(i), request.firstPage);
      yield* cpu.store(slots.pageCount(i), request.pageCount);
      yield* cpu.store(slots.generation(i), generation);
      yield* cpu.store(slots.state(i), isEarly(request.kind) ? EARLY : LATE);
      if (!features.icrWriteDrainsStores) yield* cpu.fence();
      yield* cpu.sendIpi(to, earlyAck);
    }

    const serve = program('serve', function* (cpu, from: number) {
      const i = slot(from, cpu.id);
      const state = yield* cpu.load(slots.state(i));
      if (state === DONE) return;
      const mm = yield* cpu.load(slots.mm(i));
      const firstPage = yield* cpu.load(slots.firstPage(i));
      const pageCount = yield* cpu.load(slots.pageCount(i));
      const generation = yield* cpu.load(slots.generation(i));
      if (state === EARLY) yield* cpu.store(slots.state(i), DONE);
      yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
      if (state === LATE) yield* cpu.store(slots.state(i), DONE);
    });

    return {
      *flush(cpu, request) {
        const { mm, firstPage, pageCount, cpus } = request;
        yield* spend(cpu, costs.flushSetupCycles);
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        const targets: number[] = [];
        for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1)) {
          if (to !== cpu.id) targets.push(to);
        }
        yield* cpu.phase('send');
        for (const to of targets) yield* ask(cpu, to, request, generation);
        yield* cpu.phase('localFlush');
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        yield* cpu.enableInterrupts();
        yield* cpu.phase('wait');
        for (const to of targets) yield* cpu.waitUntil(slots.state(slot(cpu.id, to)), 'equal', DONE);
      },
      handlers: {
        *'early-ack'(cpu) {
          for (let from = 0; from < cpuCount; from++) yield* cpu.call(serve, from);
        },
      },
    };
  },
});

export default strategy;
