import { Action, BufferField, CpuField, type Machine, Operand } from '@shootdown/core';
import { actionOf, cpuOf } from '../search/move.js';
import type { Sharing } from './sharing.js';

/** Makes a move, and notes when it takes a hand-off record from a CPU that is not the move's own. */
export function noteTaking(machine: Machine, sharing: Sharing, move: number, apply: (move: number) => unknown): void {
  const group = passedOn(machine, move);
  const owner = group < 0 ? group : (machine.state[machine.layout.groupOwner + group] as number);
  apply(move);
  if (owner >= 0 && owner !== cpuOf(move) && machine.state[machine.layout.groupOwner + group] !== owner)
    sharing.take(group);
}

/** The record whose owner the move may change: the one that rides on an op, or on the oldest buffered store; -1: none. */
function passedOn(machine: Machine, move: number): number {
  const { state, layout, runner } = machine;
  const cpu = cpuOf(move);
  const action = actionOf(move);
  if (action === Action.drain) return (state[layout.cpu(cpu) + CpuField.buffer + BufferField.group] as number) - 1;
  if (action >= 0) return -1;
  return (runner.operands[machine.pending(cpu) + Operand.group] as number) - 1;
}
