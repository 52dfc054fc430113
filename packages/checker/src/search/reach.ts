import { Action, type Machine, Opcode } from '@shootdown/core';
import { ALL_CPUS } from './state-store.js';

/** Ops that change the block and the frames of their own CPU only, memory words aside. */
const OWN_OPS: ReadonlySet<number> = new Set([
  Opcode.load,
  Opcode.test,
  Opcode.store,
  Opcode.fence,
  Opcode.exchange,
  Opcode.compareExchange,
  Opcode.fetchAdd,
  Opcode.setBits,
  Opcode.clearBits,
  Opcode.nextSetBit,
  Opcode.waitUntil,
  Opcode.waitAny,
  Opcode.waitAndExchange,
  Opcode.invlpg,
  Opcode.invpcid,
  Opcode.writeCr3,
  Opcode.endOfInterrupt,
  Opcode.disableInterrupts,
  Opcode.enableInterrupts,
  Opcode.work,
  Opcode.choose,
  Opcode.phase,
  Opcode.userLoad,
  Opcode.userStore,
  Opcode.enterKernel,
  Opcode.returnToUser,
  Opcode.faultReturn,
  Opcode.halt,
  Opcode.switchTo,
  Opcode.finished,
  Opcode.preempt,
  Opcode.resumePreempted,
]);

const OWN_ACTIONS: ReadonlySet<number> = new Set([
  Action.drain,
  Action.deliver,
  Action.takeInterrupt,
  Action.takeNmi,
  Action.startWalk,
  Action.stepWalk,
  Action.fill,
  Action.evict,
  Action.evictPagingStructure,
  Action.walkWhole,
  Action.tick,
  Action.hitProbe,
  Action.loadSpeculatively,
]);

/** The CPUs whose part of the state an op may change, as a bit set: its own, or all of them. */
export function reachOfOp(opcode: number, cpu: number): number {
  return OWN_OPS.has(opcode) ? 1 << cpu : ALL_CPUS;
}

export function reachOfAction(action: number, cpu: number): number {
  return OWN_ACTIONS.has(action) ? 1 << cpu : ALL_CPUS;
}

/**
 * What the CPU has written may have changed the parts of others: a saturated walker of any CPU sees what is written into a page table, and
 * monitors may come to know something else of any CPU by a watched word, unless the writer claims something for itself by it.
 */
export function hasReachedOthers(machine: Machine, cpu: number): boolean {
  const { writes } = machine;
  if (!writes.isComplete) return true;
  for (let i = 0; i < writes.count; i++) if (reachesOthers(machine, cpu, writes.words[i] as number)) return true;
  return false;
}

function reachesOthers(machine: Machine, cpu: number, word: number): boolean {
  if (machine.isTableWord(word)) return machine.saturated;
  return machine.guard.isWatched(word) && !machine.guard.isOwnClaim(word, cpu);
}
