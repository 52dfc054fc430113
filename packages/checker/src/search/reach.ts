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

/** A saturated walker of any CPU sees what is written into a page table. */
export function hasWrittenTables(machine: Machine): boolean {
  const { saturated, writes } = machine;
  if (!saturated) return false;
  if (!writes.isComplete) return true;
  for (let i = 0; i < writes.count; i++) if (machine.isTableWord(writes.words[i] as number)) return true;
  return false;
}
