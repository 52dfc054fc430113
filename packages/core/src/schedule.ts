import { ShootdownError } from './errors.js';
import type { Machine } from './machine/machine.js';
import { MACHINE_ACTIONS } from './moves/machine-actions.js';
import { PROGRAM_OPS } from './moves/program-ops.js';

/** Integers per recorded move: CPU, move, choice, result. */
const STRIDE = 4;
/** Moves below this are opcodes of program ops; machine actions follow from here. */
export const FIRST_ACTION = 64;

/** The moves of one run in the order in which they took effect, with what each program op answered. */
export class Schedule {
  #moves: Int32Array = new Int32Array(1024 * STRIDE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(cpu: number, move: number, choice: number, result: number): void {
    const at = this.#length * STRIDE;
    if (at === this.#moves.length) this.#grow();
    this.#moves[at] = cpu;
    this.#moves[at + 1] = move;
    this.#moves[at + 2] = choice;
    this.#moves[at + 3] = result;
    this.#length++;
  }

  cpu(index: number): number {
    return this.#moves[index * STRIDE] as number;
  }
  move(index: number): number {
    return this.#moves[index * STRIDE + 1] as number;
  }
  choice(index: number): number {
    return this.#moves[index * STRIDE + 2] as number;
  }
  result(index: number): number {
    return this.#moves[index * STRIDE + 3] as number;
  }

  #grow(): void {
    const moves = new Int32Array(this.#moves.length * 2);
    moves.set(this.#moves);
    this.#moves = moves;
  }
}

/**
 * Re-executes a schedule on a machine in its initial state. Every move must be enabled when its turn comes, and every op
 * must answer what was recorded; throws REPLAY_MISMATCH with the position otherwise.
 */
export function replay(machine: Machine, schedule: Schedule): void {
  for (let index = 0; index < schedule.length; index++) replayMove(machine, schedule, index);
}

/** One move of `replay`, for those who look at the machine between two moves. The moves before it must have been made. */
export function replayMove(machine: Machine, schedule: Schedule, index: number): void {
  if (schedule.move(index) >= FIRST_ACTION) replayAction(machine, schedule, index);
  else replayOp(machine, schedule, index);
}

function replayAction(machine: Machine, schedule: Schedule, index: number): void {
  const action = MACHINE_ACTIONS[schedule.move(index) - FIRST_ACTION];
  const cpu = schedule.cpu(index);
  const choice = schedule.choice(index);
  if (action?.enabled(machine, cpu, choice) !== true)
    throw mismatch(index, cpu, `action ${action?.name ?? '?'} (${choice}) is not enabled`);
  action.apply(machine, cpu, choice);
}

function replayOp(machine: Machine, schedule: Schedule, index: number): void {
  const cpu = schedule.cpu(index);
  const base = machine.pending(cpu);
  const opcode = base < 0 ? -1 : (machine.runner.operands[base] as number);
  const name = PROGRAM_OPS[opcode]?.name ?? 'nothing';
  if (opcode !== schedule.move(index))
    throw mismatch(index, cpu, `the program is at ${name}, not at ${PROGRAM_OPS[schedule.move(index)]?.name ?? '?'}`);
  if (!machine.canExecute(cpu)) throw mismatch(index, cpu, `${name} is not enabled`);
  const result = machine.execute(cpu, schedule.choice(index));
  if (result !== schedule.result(index))
    throw mismatch(index, cpu, `${name} answered ${result}, recorded was ${schedule.result(index)}`);
}

function mismatch(index: number, cpu: number, what: string): ShootdownError {
  return new ShootdownError('REPLAY_MISMATCH', `Move ${index} on CPU ${cpu}: ${what}.`, {
    details: { move: index, cpu },
  });
}
