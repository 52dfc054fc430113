import { concurrent, type ConcurrentSteps, concurrentWith } from '@shootdown/strategy-concurrent';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const flush: ConcurrentSteps['flush'] = function* (concurrent, cpu, request) {
  const { steps, env } = concurrent;
  const { mm, firstPage, pageCount, kind } = request;
  yield* cpu.phase('prepare');
  const generation = mm < 0 ? 0 : (yield* cpu.load(env.kernel.generation(mm))) + 1;
  yield* env.kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
  const members = yield* concurrent.env.callFunction.members(cpu, request.cpus);
  const targets = yield* steps.targetsOf(concurrent, cpu, request, members);
  const others = targets.filter((target) => target !== cpu.id);
  if (others.length > 0) yield* steps.callOthers(concurrent, cpu, others);
  yield* cpu.call(env.kernel.nextGeneration, mm);
  if (targets.includes(cpu.id)) yield* steps.flushHere(concurrent, cpu, request, generation);
  yield* cpu.phase('wait');
  yield* steps.awaitOthers(concurrent, cpu, others);
};

export const z2: SeamEntry = {
  id: 'Z2',
  title: 'saved contexts are invalidated after the IPIs went out',
  source: 'FreeBSD r362031, repaired by r368649 (3fd989da), erratum FreeBSD-EN-22:04.pcid',
  story:
    'To flush locally while waiting, the initiator sent its IPIs first, and what tells other CPUs that their saved PCID contexts are stale moved behind them. A CPU that switches back in between finds its context current. In Linux terms tlb_gen is counted after the mask was read.',
  memory: 'sc',
  kind: 'seam',
  seams: ['flush'],
  shipped: 'fixed',
  replacement: { strategy: concurrentWith({ flush }) },
  strategy: concurrent,
  options: {},
  cell: cellOf({ scenario: 'free-table' }),
};
