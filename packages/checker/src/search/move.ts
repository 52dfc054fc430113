import { type Machine, MACHINE_ACTIONS, pendingOp } from '@shootdown/core';

/** A move as one integer: the CPU, then 0 for its pending op or 1 + the number of a machine action, then the choice. */
const CPU_SHIFT = 22;
const KIND_SHIFT = 16;
const CHOICE_MASK = 0xffff;
const KIND_MASK = 0x3f;

/** A move, taken apart. */
export interface MoveParts {
  readonly cpu: number;
  /** Number of the machine action; -1 for the CPU's pending op. */
  readonly action: number;
  /** Answer of a `choose`, page of a walk, vector of a delivery; 0 otherwise. */
  readonly choice: number;
}

export function opMove(cpu: number, choice: number): number {
  return (cpu << CPU_SHIFT) | choice;
}

export function actionMove(cpu: number, action: number, choice: number): number {
  return (cpu << CPU_SHIFT) | ((action + 1) << KIND_SHIFT) | choice;
}

export function partsOf(move: number): MoveParts {
  return { cpu: move >>> CPU_SHIFT, action: ((move >>> KIND_SHIFT) & KIND_MASK) - 1, choice: move & CHOICE_MASK };
}

/** Makes the move; returns what the program received, 0 for an action. */
export function applyMove(machine: Machine, move: number): number {
  const kind = (move >>> KIND_SHIFT) & KIND_MASK;
  if (kind === 0) return machine.execute(move >>> CPU_SHIFT, move & CHOICE_MASK);
  MACHINE_ACTIONS[kind - 1]?.apply(machine, move >>> CPU_SHIFT, move & CHOICE_MASK);
  return 0;
}

/** How the move reads in the machine's present state. */
export function moveText(machine: Machine, move: number): string {
  const { cpu, action, choice } = partsOf(move);
  if (action >= 0) return MACHINE_ACTIONS[action]?.text(machine, choice) ?? '?';
  return pendingOp(machine, cpu)?.text(machine, machine.pending(cpu)) ?? '?';
}
