import { FIRST_ACTION, type Machine, MACHINE_ACTIONS, PROGRAM_OPS, replayMove } from '@shootdown/core';
import type { TraceStep } from '../exploration.js';
import { type SavedMove, savedSchedule } from './counterexample.js';

/**
 * Executes saved moves on a machine in its initial state, with each as it reads in the state it is made in.
 *
 * @throws ShootdownError REPLAY_MISMATCH when a move is not enabled or answers something else
 */
export function retrace(machine: Machine, moves: readonly SavedMove[]): readonly TraceStep[] {
  const schedule = savedSchedule({ moves });
  return moves.map(([cpu, move, choice, value], index) => {
    const step = { cpu, move, choice, value, ...description(machine, cpu, move, choice) };
    replayMove(machine, schedule, index);
    return step;
  });
}

function description(
  machine: Machine,
  cpu: number,
  move: number,
  choice: number,
): Pick<TraceStep, 'programs' | 'text'> {
  if (move >= FIRST_ACTION)
    return { programs: [], text: MACHINE_ACTIONS[move - FIRST_ACTION]?.text(machine, choice) ?? '?' };
  const base = machine.pending(cpu);
  if (base < 0) return { programs: [], text: 'nothing' };
  const programs = machine.runner.stack(machine.top(cpu)).map((index) => machine.boot.programs[index]?.name ?? '?');
  return { programs, text: PROGRAM_OPS[machine.runner.operands[base] as number]?.text(machine, base) ?? '?' };
}
