import type { LatrSteps } from './latr.js';

/** The batch of a flush that waited for everybody goes back at once. `ticksLeft` is stored last: from then on ticks count. */
export const release: LatrSteps['release'] = function* ({ env, options, held, open }, cpu, batch) {
  const record = (yield* cpu.load(open(cpu.id))) - 1;
  if (record < 0) {
    yield* cpu.call(env.kernel.release, batch);
    return;
  }
  yield* cpu.store(open(cpu.id), 0);
  yield* cpu.store(held.batch(record), batch);
  yield* cpu.store(held.ticksLeft(record), options.ticks);
};

export const reclaim: LatrSteps['reclaim'] = function* (latr, cpu) {
  const { env, steps, perCpu, published, held } = latr;
  if (yield* cpu.test(published(cpu.id), 'equal', 0)) return;
  for (let record = cpu.id * perCpu; record < (cpu.id + 1) * perCpu; record++) {
    const ticksLeft = yield* cpu.load(held.ticksLeft(record));
    if (ticksLeft === 0) continue;
    const due = yield* steps.isDue(latr, cpu, record, ticksLeft);
    if (due) {
      yield* cpu.call(env.kernel.release, yield* cpu.load(held.batch(record)));
      yield* cpu.fetchAdd(published(cpu.id), -1);
    }
    yield* cpu.store(held.ticksLeft(record), due ? 0 : Math.max(1, ticksLeft - 1));
  }
};

export const isDue: LatrSteps['isDue'] = function* ({ env, options, owed }, cpu, record, ticksLeft) {
  if (options.reclaim === 'afterTicks') return ticksLeft === 1;
  for (let first = 0; first < env.cpuCount; first += 32)
    if (yield* cpu.test(env.maskWord(owed(record), first), 'notEqual', 0)) return false;
  return true;
};
