import { type Cpu, defineStrategy, Owner, type Program, type Strategy } from '@shootdown/plugin';
import { noOptions } from './shared-schema.js';

/** FreeBSD 13, sys/amd64/amd64/mp_machdep.c: a matrix of acknowledged generations, no global lock. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'scoreboard-skeleton',
  title: 'Scoreboard',
  summary: 'A target stores the generation into its slot of the initiator, then invalidates.',
  references: ['FreeBSD sys/amd64/amd64/mp_machdep.c'],
  optionsSchema: noOptions,
  create({ kernel, cpuCount, records, mask, maskWord, program, vector, clusterSize, features }) {
    const home = (cpu: number): number => cpu;
    const requests = records('request', ['mm', 'first', 'count', 'tlbGen', 'generation'], cpuCount, {
      home,
      wordClass: 'handoff',
      syncFields: ['generation'],
    });
    const scoreboard = records('scoreboard', ['done'], cpuCount ** 2, {
      home: (i) => Math.floor(i / cpuCount),
      stride: 1,
    });
    const slot = (target: number, initiator: number) => scoreboard.done(target * cpuCount + initiator);
    const invalidate = vector('invltlb');
    const reached = Array.from({ length: cpuCount }, (_, cpu) => mask(`reached${cpu}`));

    const answer = program('invltlb_handler', function* (cpu, from: number) {
      if (!(yield* cpu.test(slot(cpu.id, from), 'equal', 0))) return;
      const mm = yield* cpu.load(requests.mm(from));
      const first = yield* cpu.load(requests.first(from));
      const count = yield* cpu.load(requests.count(from));
      const tlbGen = yield* cpu.load(requests.tlbGen(from));
      yield* cpu.store(slot(cpu.id, from), yield* cpu.load(requests.generation(from)));
      yield* cpu.call(kernel.flushHere, mm, first, count, tlbGen);
    });

    function* notify(cpu: Cpu, targets: readonly number[]): Program {
      const own = reached[cpu.id];
      if (own === undefined || clusterSize === 1) {
        for (const to of targets) yield* cpu.sendIpi(to, invalidate);
        return;
      }
      for (const to of targets) yield* cpu.setBits(maskWord(own, to), 1 << (to % 32));
      if (!features.icrWriteDrainsStores) yield* cpu.fence();
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.sendToMask, own, invalidate);
      yield* cpu.enableInterrupts();
      for (const to of targets) yield* cpu.clearBits(maskWord(own, to), 1 << (to % 32));
    }

    return {
      *flush(cpu, { mm, firstPage, pageCount, cpus }) {
        const tlbGen = yield* cpu.call(kernel.nextGeneration, mm);
        const generation = (yield* cpu.load(requests.generation(cpu.id))) + 1;
        yield* cpu.handOver(requests.group(cpu.id), cpu.id).store(requests.generation(cpu.id), generation);
        yield* cpu.store(requests.mm(cpu.id), mm);
        yield* cpu.store(requests.first(cpu.id), firstPage);
        yield* cpu.store(requests.count(cpu.id), pageCount);
        yield* cpu.handOver(requests.group(cpu.id), Owner.readers).store(requests.tlbGen(cpu.id), tlbGen);
        const targets: number[] = [];
        for (let to = yield* cpu.nextSetBit(cpus, 0); to >= 0; to = yield* cpu.nextSetBit(cpus, to + 1)) {
          if (to !== cpu.id) targets.push(to);
        }
        for (const to of targets) yield* cpu.store(slot(to, cpu.id), 0);
        yield* notify(cpu, targets);
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, tlbGen);
        yield* cpu.enableInterrupts();
        for (const to of targets) yield* cpu.waitUntil(slot(to, cpu.id), 'equal', generation);
      },
      handlers: {
        *invltlb(cpu) {
          for (let from = 0; from < cpuCount; from++) if (from !== cpu.id) yield* cpu.call(answer, from);
        },
      },
    };
  },
});

export default strategy;
