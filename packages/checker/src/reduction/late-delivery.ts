import { Action, CpuField, type Machine, MACHINE_ACTIONS } from '@shootdown/core';
import { actionMove, actionOf, choiceOf, cpuOf } from '../search/move.js';

/**
 * An IPI that has arrived at the local APIC and has not been taken changes nothing but what may be taken, and what later ones are
 * absorbed into. So its arrival can be put off until just before it is taken: a composite move lets `deliveries` IPIs of a vector in
 * flight arrive, the first one setting the IRR bit and the others absorbed by it, and takes the interrupt. Between such moves no IRR bit
 * is set but by a timer tick.
 */
export function lateTake(machine: Machine, cpu: number, vector: number, deliveries: number): number {
  return actionMove(cpu, Action.takeInterrupt, 1 + vector + machine.layout.vectorCount * (deliveries - 1));
}

/** The elementary moves that a composite one consists of, in their order; the move itself for every other one. */
export function elementaryMoves(machine: Machine, move: number): readonly number[] {
  const choice = choiceOf(move) - 1;
  if (actionOf(move) !== Action.takeInterrupt || choice < 0) return [move];
  const { vectorCount } = machine.layout;
  const cpu = cpuOf(move);
  const deliveries = 1 + Math.floor(choice / vectorCount);
  const deliver = actionMove(cpu, Action.deliver, choice % vectorCount);
  return [...Array.from({ length: deliveries }, () => deliver), actionMove(cpu, Action.takeInterrupt, 0)];
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
