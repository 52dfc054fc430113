import { type BroadcastSteps, NO_GLOBAL_ASID } from './broadcast.js';

/**
 * Linux looks in one jiffy of 32 (`(current->pid & 0x1f) != (jiffies & 0x1f)`). A program here has no clock: every CPU looks at
 * one of so many of its flushes.
 */
export const considerGlobalAsid: BroadcastSteps['considerGlobalAsid'] = function* (broadcast, cpu, mm, members) {
  const { options, steps, unconsidered } = broadcast;
  if (options.considerEvery > 1) {
    const word = unconsidered(cpu.id);
    const flushes = (yield* cpu.load(word)) + 1;
    yield* cpu.store(word, flushes % options.considerEvery);
    if (flushes < options.considerEvery) return;
  }
  if (yield* steps.isActiveEnough(broadcast, cpu, mm, members)) yield* steps.useGlobalAsid(broadcast, cpu, mm);
};

export const isActiveEnough: BroadcastSteps['isActiveEnough'] = function* ({ env, options }, cpu, mm, members) {
  const { kernel } = env;
  if (members.length < options.activeCpus) return false;
  let active = 0;
  for (const member of members) {
    if (yield* cpu.test(kernel.loadedMm(member), 'notEqual', mm)) continue;
    if (yield* cpu.test(kernel.isLazy(member), 'equal', 1)) continue;
    if (++active >= options.activeCpus) return true;
  }
  return false;
};

/**
 * The mm is in transition before its ASID can be seen, so that whoever sees the ASID looks for CPUs that have missed it. An ASID is
 * never given back: processes of the model do not end. When none is left, the mm stays with IPIs.
 */
export const useGlobalAsid: BroadcastSteps['useGlobalAsid'] = function* (broadcast, cpu, mm) {
  const { env, globalAsid, inTransition, lock, nextAsid } = broadcast;
  yield* cpu.disableInterrupts();
  yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
  if (yield* cpu.test(globalAsid(mm), 'equal', NO_GLOBAL_ASID)) {
    const asid = yield* cpu.load(nextAsid);
    if (asid < env.asidCount + env.globalAsidCount) {
      yield* cpu.store(nextAsid, asid + 1);
      yield* cpu.store(inTransition(mm), 1);
      yield* cpu.store(globalAsid(mm), asid);
    }
  }
  yield* cpu.store(lock, 0);
  yield* cpu.enableInterrupts();
};
