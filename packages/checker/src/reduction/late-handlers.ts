import { Action, CpuField, type Machine, MACHINE_ACTIONS } from '@shootdown/core';
import { actionMove, actionOf, choiceOf, cpuOf } from '../search/move.js';

/** In the choice of a composite move, above what it begins with: 1 + the way of the op that it ends with; 0: it ends without one. */
const WAY_SHIFT = 10;
const BEGINNING = (1 << WAY_SHIFT) - 1;
const NO_OP = -1;
/** Ways of a first op that a composite move can name. */
export const MOST_WAYS = 62;

/**
 * An IPI that has arrived at the local APIC and has not been taken changes nothing but what may be taken, and what later ones are
 * absorbed into. So its arrival can be put off until just before it is taken: a composite move lets `deliveries` IPIs of a vector in
 * flight arrive, the first one setting the IRR bit and the others absorbed by it, and takes the interrupt. Between such moves no IRR bit
 * is set. No delivery at all: the local timer, whose vector it is, runs down just before its tick is taken. It stays free to, for only the
 * CPU's own ticks bring it nearer to the others' bound.
 */
export function lateTake(machine: Machine, cpu: number, vector: number, deliveries: number): number {
  return actionMove(cpu, Action.takeInterrupt, 1 + vector + machine.layout.vectorCount * deliveries);
}

/** IPIs of one vector whose arrival a composite move can name. Where more are in flight, each arrives by a move of its own. */
export function mostDeliveries({ layout }: Machine): number {
  return Math.floor(BEGINNING / layout.vectorCount) - 1;
}

/**
 * Nor does taking an interrupt or an NMI change anything that others could notice, unless it takes the CPU out of user mode: so it can be
 * put off until just before the first op of the handler that they could notice, and the composite move ends with that.
 */
export function withFirstOp(take: number, way: number): number {
  return actionMove(cpuOf(take), actionOf(take), choiceOf(take) | ((1 + way) << WAY_SHIFT));
}

/** Taking it can be put off so. Probes are hit between the two, and ticks of other CPUs may wait for one to be taken. */
export function canWaitForFirstOp(machine: Machine, take: number): boolean {
  const { boot, state, layout } = machine;
  if (machine.isVirtual || machine.inUserMode(cpuOf(take))) return false;
  if (actionOf(take) === Action.takeNmi) return true;
  const isProbed = boot.system.probe !== undefined && state[layout.probeBudget] !== 0;
  return !isProbed && (boot.system.timer === undefined || isLateIpi(machine, take));
}

/** It is known which vector is taken, and that it is not the timer's. */
function isLateIpi({ boot, layout }: Machine, take: number): boolean {
  const choice = choiceOf(take) - 1;
  return choice >= 0 && choice % layout.vectorCount !== boot.system.timer;
}

/**
 * The handler that has just been begun has put stores into the buffer that are still there: others may see them, and answer, before its
 * next op. `buffered` were there when it began; each of them that has left since has been written.
 */
export function hasBuffered({ state, layout, writes }: Machine, cpu: number, buffered: number): boolean {
  const count = state[layout.cpu(cpu) + CpuField.bufferCount] as number;
  return count > 0 && count + writes.count > buffered;
}

/** The way of the op that a composite move ends with; -1: it ends without one. */
export function wayOfFirstOp(move: number): number {
  return isTaking(move) ? (choiceOf(move) >> WAY_SHIFT) - 1 : NO_OP;
}

function isTaking(move: number): boolean {
  return actionOf(move) === Action.takeInterrupt || actionOf(move) === Action.takeNmi;
}

/** The elementary moves that a composite one begins with, in their order; the move itself for every other one. */
export function elementaryMoves(machine: Machine, move: number): readonly number[] {
  if (!isTaking(move)) return [move];
  const cpu = cpuOf(move);
  const choice = (choiceOf(move) & BEGINNING) - 1;
  if (choice < 0) return [actionMove(cpu, actionOf(move), 0)];
  const { vectorCount } = machine.layout;
  const deliveries = Math.floor(choice / vectorCount);
  const deliver = actionMove(cpu, Action.deliver, choice % vectorCount);
  const arrivals =
    deliveries === 0 ? [actionMove(cpu, Action.tick, 0)] : Array.from({ length: deliveries }, () => deliver);
  return [...arrivals, actionMove(cpu, Action.takeInterrupt, 0)];
}

/** The CPU could take this vector if it arrived now. */
export function couldTake(machine: Machine, cpu: number, vector: number): boolean {
  const { state, layout } = machine;
  const irr = layout.cpu(cpu) + CpuField.irr;
  const kept = state[irr] as number;
  state[irr] = kept | (1 << vector);
  const could = MACHINE_ACTIONS[Action.takeInterrupt]?.enabled(machine, cpu, 0) === true;
  state[irr] = kept;
  return could;
}
