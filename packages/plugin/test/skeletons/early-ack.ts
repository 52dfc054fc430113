import { type Cpu, defineStrategy, type FlushRequest, type Program, type Strategy } from '@shootdown/plugin';

const [IDLE, EARLY, LATE] = [0, 1, 2] as const;

/** A target acknowledges once it has copied the request, then flushes (FreeBSD, sys/amd64/amd64/mp_machdep.c). */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'early-ack',
  title: 'Early acknowledgement',
  summary: 'A target acknowledges once it has copied the request, then flushes.',
  references: ['FreeBSD sys/amd64/amd64/mp_machdep.c'],
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { ack: { enum: ['early', 'late'], default: 'early' } },
  },
  create({ kernel, cpuCount, records, program, vector }, options) {
    const fields = ['state', 'mm', 'first', 'count', 'generation'] as const;
    const slot = records('slot', fields, cpuCount ** 2, { home: (i) => i % cpuCount });
    const inWindow = records('inWindow', ['flag'], cpuCount).flag;
    const earlyAck = vector('early-ack');
    const at = (from: number, to: number): number => from * cpuCount + to;
    const early = (r: FlushRequest): boolean => options.ack !== 'late' && r.kind !== 'freeTable' && r.kind !== 'kernel';

    function* post(cpu: Cpu, to: number, request: FlushRequest, generation: number): Program {
      const i = at(cpu.id, to);
      yield* cpu.waitUntil(slot.state(i), 'equal', IDLE);
      yield* cpu.store(slot.mm(i), request.mm);
      yield* cpu.store(slot.first(i), request.firstPage);
      yield* cpu.store(slot.count(i), request.pageCount);
      yield* cpu.store(slot.generation(i), generation);
      yield* cpu.store(slot.state(i), early(request) ? EARLY : LATE);
      yield* cpu.fence();
      yield* cpu.sendIpi(to, earlyAck);
    }

    const serve = program('serve', function* (cpu, from: number) {
      const i = at(from, cpu.id);
      const state = yield* cpu.load(slot.state(i));
      if (state === IDLE) return;
      const mm = yield* cpu.load(slot.mm(i));
      const first = yield* cpu.load(slot.first(i));
      const count = yield* cpu.load(slot.count(i));
      const generation = yield* cpu.load(slot.generation(i));
      yield* cpu.store(inWindow(cpu.id), 1);
      if (state === EARLY) yield* cpu.store(slot.state(i), IDLE);
      yield* cpu.call(kernel.flushHere, mm, first, count, generation);
      if (state === LATE) yield* cpu.store(slot.state(i), IDLE);
      yield* cpu.store(inWindow(cpu.id), 0);
    });

    return {
      *flush(cpu, request) {
        const generation = yield* cpu.call(kernel.nextGeneration, request.mm);
        const targets: number[] = [];
        let to = yield* cpu.nextSetBit(request.cpus, 0);
        while (to >= 0) {
          if (to !== cpu.id) targets.push(to);
          to = yield* cpu.nextSetBit(request.cpus, to + 1);
        }
        for (const to of targets) yield* post(cpu, to, request, generation);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, request.mm, request.firstPage, request.pageCount, generation);
        yield* cpu.enableInterrupts();
        for (const to of targets) yield* cpu.waitUntil(slot.state(at(cpu.id, to)), 'equal', IDLE);
      },
      handlers: {
        *'early-ack'(cpu) {
          for (let from = 0; from < cpuCount; from++) yield* cpu.call(serve, from);
        },
      },
      *mayAccessUser(cpu) {
        return yield* cpu.test(inWindow(cpu.id), 'equal', 0);
      },
    };
  },
});

export default strategy;
