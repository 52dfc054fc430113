import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { noOptions } from './shared-schema.js';

/** Barrelfish (SOSP 2009): a monitor thread on every CPU answers messages; no interrupt is sent for the flush itself. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'message-skeleton',
  title: 'Messages between monitors',
  summary: 'One thread per CPU receives unmap messages and replies when it has flushed.',
  references: ['Baumann et al., The Multikernel, SOSP 2009'],
  optionsSchema: noOptions,
  create({ kernel, cpuCount, records, program }) {
    const fields = ['state', 'mm', 'first', 'count', 'generation'] as const;
    const message = records('message', fields, cpuCount ** 2, { home: (i) => i % cpuCount });
    const bell = records('bell', ['rung'], cpuCount, { home: (cpu) => cpu });
    const at = (from: number, to: number): number => from * cpuCount + to;

    const reply = program('monitor_reply', function* (cpu, from: number) {
      const i = at(from, cpu.id);
      if (yield* cpu.test(message.state(i), 'equal', 0)) return;
      const mm = yield* cpu.load(message.mm(i));
      const first = yield* cpu.load(message.first(i));
      const count = yield* cpu.load(message.count(i));
      const generation = yield* cpu.load(message.generation(i));
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.flushHere, mm, first, count, generation);
      yield* cpu.enableInterrupts();
      yield* cpu.store(message.state(i), 0);
    });

    const post = program(
      'monitor_post',
      function* (cpu, to: number, mm: number, first: number, count: number, generation: number) {
        const i = at(cpu.id, to);
        yield* cpu.store(message.mm(i), mm);
        yield* cpu.store(message.first(i), first);
        yield* cpu.store(message.count(i), count);
        yield* cpu.store(message.generation(i), generation);
        yield* cpu.store(message.state(i), 1);
        yield* cpu.exchange(bell.rung(to), 1);
      },
    );

    return {
      *flush(cpu, { mm, firstPage, pageCount, cpus }) {
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        const targets: number[] = [];
        for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1)) {
          if (to !== cpu.id) targets.push(to);
        }
        for (const to of targets) yield* cpu.call(post, to, mm, firstPage, pageCount, generation);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
        yield* cpu.enableInterrupts();
        for (const to of targets) yield* cpu.waitUntil(message.state(at(cpu.id, to)), 'equal', 0);
      },
      threads: {
        monitor: {
          wake: (cpu) => bell.rung(cpu),
          *run(cpu) {
            for (let from = 0; from < cpuCount; from++) if (from !== cpu.id) yield* cpu.call(reply, from);
          },
        },
      },
    };
  },
});

export default strategy;
