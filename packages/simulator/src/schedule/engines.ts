import { Action, FIRST_ACTION } from '@shootdown/core';

/**
 * What of a CPU makes a move. Each engine makes its own moves one after the other; those of two engines overlap in time, as on the
 * machine: the program goes on while a store drains, a page is walked or an IPI is on its way. At one instant of a CPU they begin in this
 * order: a store asks for its line before the op behind it does.
 */
export const Engine = { storeBuffer: 0, program: 1, walker: 2, apic: 3, broadcasts: 4 } as const;

const ENGINES = Object.keys(Engine).length;

const OF_ACTION: ReadonlyMap<number, number> = new Map([
  [Action.drain, Engine.storeBuffer],
  [Action.startWalk, Engine.walker],
  [Action.stepWalk, Engine.walker],
  [Action.fill, Engine.walker],
  [Action.evict, Engine.walker],
  [Action.evictPagingStructure, Engine.walker],
  [Action.loadSpeculatively, Engine.walker],
  [Action.deliver, Engine.apic],
  [Action.tick, Engine.apic],
  [Action.finishBroadcast, Engine.broadcasts],
]);

/** The engine that makes a move, numbered as `Schedule` of core numbers moves. */
export function engineOf(move: number): number {
  return move < FIRST_ACTION ? Engine.program : (OF_ACTION.get(move - FIRST_ACTION) ?? Engine.program);
}

/** Its engine neither waits for what else its CPU is at nor keeps it from that: a store drains, an IPI arrives. */
export function goesOnAside(move: number): boolean {
  const engine = engineOf(move);
  return engine === Engine.storeBuffer || engine === Engine.apic;
}

/** Engines of all CPUs, numbered without gaps. */
export function engineCount(cpuCount: number): number {
  return cpuCount * ENGINES;
}

export function engineNumber(cpu: number, engine: number): number {
  return cpu * ENGINES + engine;
}
