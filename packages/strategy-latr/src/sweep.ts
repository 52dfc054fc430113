import type { LatrSteps } from './latr.js';

export const sweep: LatrSteps['sweep'] = function* (latr, cpu) {
  for (let owner = 0; owner < latr.env.cpuCount; owner++)
    if (owner !== cpu.id) yield* latr.steps.sweepRecords(latr, cpu, owner);
};

export const sweepRecords: LatrSteps['sweepRecords'] = function* (latr, cpu, owner) {
  const { env, steps, perCpu, published, owed } = latr;
  if (yield* cpu.test(published(owner), 'equal', 0)) return;
  for (let record = owner * perCpu; record < (owner + 1) * perCpu; record++) {
    if (yield* cpu.test(env.maskWord(owed(record), cpu.id), 'anyBitSet', 1 << (cpu.id % 32)))
      yield* steps.sweepRecord(latr, cpu, record);
  }
};

/**
 * A CPU that has not loaded the mm has nothing to do: it compares `tlb_gen` when it loads it. The locked operation comes after the
 * invalidation, which has drained the store buffer.
 */
export const sweepRecord: LatrSteps['sweepRecord'] = function* ({ env, state, owed }, cpu, record) {
  const mm = yield* cpu.load(state.mm(record));
  const firstPage = yield* cpu.load(state.firstPage(record));
  const pageCount = yield* cpu.load(state.pageCount(record));
  const tlbGen = yield* cpu.load(state.tlbGen(record));
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, tlbGen);
  yield* cpu.clearBits(env.maskWord(owed(record), cpu.id), 1 << (cpu.id % 32));
};
