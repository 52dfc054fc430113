import { type Machine, MACHINE_ACTIONS, pendingOp } from '@shootdown/core';

/**
 * A move as one integer: the CPU, then 0 for its pending op or 1 + the number of a machine action, then the choice. The greatest kind is
 * that of composite moves, which have a number in place of a choice (`CompositeMoves`).
 */
const CPU_SHIFT = 22;
const KIND_SHIFT = 16;
const CHOICE_MASK = 0xffff;
const KIND_MASK = 0x3f;
/** Numbers of composite moves. */
export const MOST_COMPOSITES: number = CHOICE_MASK + 1;

export function opMove(cpu: number, choice: number): number {
  return (cpu << CPU_SHIFT) | choice;
}

export function actionMove(cpu: number, action: number, choice: number): number {
  return (cpu << CPU_SHIFT) | ((action + 1) << KIND_SHIFT) | choice;
}

export function compositeMove(cpu: number, number: number): number {
  return (cpu << CPU_SHIFT) | (KIND_MASK << KIND_SHIFT) | number;
}

export function isComposite(move: number): boolean {
  return ((move >>> KIND_SHIFT) & KIND_MASK) === KIND_MASK;
}

/** The number of a composite move. */
export function numberOf(move: number): number {
  return move & CHOICE_MASK;
}

export function cpuOf(move: number): number {
  return move >>> CPU_SHIFT;
}

/** Number of the machine action of an elementary move; -1 for the CPU's pending op. */
export function actionOf(move: number): number {
  return ((move >>> KIND_SHIFT) & KIND_MASK) - 1;
}

/** Answer of a `choose`, outcome of an access, page of a walk, vector of a delivery; 0 otherwise. */
export function choiceOf(move: number): number {
  return move & CHOICE_MASK;
}

/** Makes the move; returns what the program received, 0 for an action. */
export function applyMove(machine: Machine, move: number): number {
  const action = actionOf(move);
  if (action < 0) return machine.execute(cpuOf(move), choiceOf(move));
  MACHINE_ACTIONS[action]?.apply(machine, cpuOf(move), choiceOf(move));
  return 0;
}

/** How the move reads in the machine's present state. */
export function moveText(machine: Machine, move: number): string {
  const action = actionOf(move);
  if (action >= 0) return MACHINE_ACTIONS[action]?.text(machine, choiceOf(move)) ?? '?';
  const cpu = cpuOf(move);
  return pendingOp(machine, cpu)?.text(machine, machine.pending(cpu)) ?? '?';
}
