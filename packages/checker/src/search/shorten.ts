import { FIRST_ACTION, type Machine, MACHINE_ACTIONS, type Violation } from '@shootdown/core';
import type { TraceStep } from '../exploration.js';
import { actionMove, actionOf, applyMove, choiceOf, cpuOf, opMove } from './move.js';
import { waysOf } from './ways.js';

/**
 * The moves of a way to a violation without those that it does not take. A search makes what commutes at once, so the last moves of a CPU
 * may have nothing to do with what is found on another one: they are left out, one by one, as long as the others lead to the same violation.
 */
export function shortened(
  machine: Machine,
  initial: Int32Array,
  trace: readonly TraceStep[],
  found: Violation,
): readonly number[] {
  let moves: readonly number[] = trace.map(moveOf);
  const isOver = new Set<number>();
  for (let at = moves.length - 2; at >= 0; at--) {
    const cpu = cpuOf(moves[at] as number);
    if (isOver.has(cpu)) continue;
    const fewer = moves.filter((_, index) => index !== at);
    if (leadsTo(machine, initial, fewer, found)) moves = fewer;
    else isOver.add(cpu);
  }
  return moves;
}

function moveOf({ cpu, move, choice }: TraceStep): number {
  return move < FIRST_ACTION ? opMove(cpu, choice) : actionMove(cpu, move - FIRST_ACTION, choice);
}

/** They can be made one after the other, and the last one is the first that violates, in the same way. */
function leadsTo(machine: Machine, initial: Int32Array, moves: readonly number[], found: Violation): boolean {
  machine.state.set(initial);
  for (let at = 0; at < moves.length; at++) {
    const move = moves[at] as number;
    if (!isEnabled(machine, move)) return false;
    applyMove(machine, move);
    const [first] = machine.violations;
    machine.violations.length = 0;
    if (first !== undefined) return at === moves.length - 1 && isSame(first, found);
  }
  return false;
}

const isSame = (a: Violation, b: Violation): boolean =>
  a.contract === b.contract && a.form === b.form && a.cpu === b.cpu;

function isEnabled(machine: Machine, move: number): boolean {
  const cpu = cpuOf(move);
  const action = actionOf(move);
  if (action >= 0) return MACHINE_ACTIONS[action]?.enabled(machine, cpu, choiceOf(move)) === true;
  return machine.canExecute(cpu) && choiceOf(move) < waysOf(machine, cpu, machine.pending(cpu));
}
