import {
  Action,
  FIRST_ACTION,
  isDrained,
  type Machine,
  MACHINE_ACTIONS,
  Opcode,
  Operand,
  PROGRAM_OPS,
  type Schedule,
} from '@shootdown/core';
import { FOOTPRINT_OF, FootprintCode } from '../op-table.js';

/** A move of a schedule is the next one of its program, if it is an op, and can be made now. */
export function isEnabled(machine: Machine, schedule: Schedule, index: number): boolean {
  const [cpu, move] = [schedule.cpu(index), schedule.move(index)];
  if (move >= FIRST_ACTION)
    return MACHINE_ACTIONS[move - FIRST_ACTION]?.enabled(machine, cpu, schedule.choice(index)) === true;
  return pendingOpcode(machine, cpu) === move && machine.canExecute(cpu);
}

/** The CPU is at straight-line code that is not the move. */
export function isSoftware(machine: Machine, cpu: number, move: number): boolean {
  return move !== Opcode.work && pendingOpcode(machine, cpu) === Opcode.work;
}

/**
 * Straight-line code ends before an op, and where the schedule has the CPU halted when an interrupt is taken. Any other interrupt finds it
 * where it is; a probe is hit by an instruction, so what stands before that one is over.
 */
export function needsSoftwareFirst(move: number, pending: number): boolean {
  return move < FIRST_ACTION || pending === Opcode.halt || move === FIRST_ACTION + Action.hitProbe;
}

/** The opcode of the op that is pending on a CPU; -1: none. */
export function pendingOpcode(machine: Machine, cpu: number): number {
  const base = machine.pending(cpu);
  return base < 0 ? -1 : (machine.runner.operands[base] as number);
}

/** An op that may have to wait for somebody's write. */
export function isWait(opcode: number): boolean {
  return FOOTPRINT_OF[opcode] === FootprintCode.wait || FOOTPRINT_OF[opcode] === FootprintCode.waitLocked;
}

/** The CPU is kept by a wait, and by nothing but what that waits for. */
export function hasToWait(machine: Machine, cpu: number): boolean {
  const opcode = pendingOpcode(machine, cpu);
  if (!isWait(opcode) || machine.canExecute(cpu)) return false;
  return PROGRAM_OPS[opcode]?.drains !== true || isDrained(machine, cpu);
}

/** The pending wait of a CPU reads this line. */
export function waitsOn(machine: Machine, cpu: number, line: number): boolean {
  const base = machine.pending(cpu);
  if (base < 0) return false;
  const { operands } = machine.runner;
  const first = operands[base + Operand.a] as number;
  const words = operands[base] === Opcode.waitAny ? machine.lists.list(first) : [first];
  return words.some((word) => word >> 3 === line);
}
