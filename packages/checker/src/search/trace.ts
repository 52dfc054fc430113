import { FIRST_ACTION, type Machine, ShootdownError } from '@shootdown/core';
import type { AutomatonRunner } from '../automaton/automaton-runner.js';
import type { TraceStep } from '../exploration.js';
import { actionOf, applyMove, choiceOf, cpuOf, moveText } from './move.js';
import type { Mover } from './mover.js';

/** Makes these moves from the machine's present state and tells every elementary one, the eager ones included. */
export function traceOf(
  machine: Machine,
  runner: AutomatonRunner,
  mover: Mover,
  moves: readonly number[],
): readonly TraceStep[] {
  const trace: TraceStep[] = [];
  const apply = (move: number): void => {
    trace.push(step(machine, runner, move));
  };
  mover.begin(apply);
  for (const move of moves) {
    // A violation that the search went on from would keep the eager moves after the next move from being made.
    machine.violations.length = 0;
    mover.make(move, apply);
  }
  return trace;
}

/** Makes these elementary moves, and no others, and tells them. */
export function told(machine: Machine, runner: AutomatonRunner, moves: readonly number[]): readonly TraceStep[] {
  return moves.map((move) => step(machine, runner, move));
}

/** Makes one move and tells it. */
function step(machine: Machine, runner: AutomatonRunner, move: number): TraceStep {
  const cpu = cpuOf(move);
  const action = actionOf(move);
  const choice = choiceOf(move);
  const text = moveText(machine, move);
  if (action >= 0)
    return { cpu, move: FIRST_ACTION + action, choice, programs: [], text, value: applyMove(machine, move) };
  if (!machine.canExecute(cpu))
    throw new ShootdownError('INTERNAL', `The step '${text}' on CPU ${cpu} of a recorded path is not enabled.`);
  const programs = runner.stack(machine.top(cpu)).map((program) => machine.boot.programs[program]?.name ?? '?');
  const opcode = machine.runner.operands[machine.pending(cpu)] as number;
  return { cpu, move: opcode, choice, programs, text, value: applyMove(machine, move) };
}
