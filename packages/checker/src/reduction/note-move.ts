import { Action, BufferField, CpuField, isPresent, type Machine, Opcode, Operand } from '@shootdown/core';
import { actionOf, cpuOf } from '../search/move.js';
import type { Sharing } from './sharing.js';

/**
 * Makes a move, and notes when it takes a hand-off record from a CPU that is not the move's own, and when a store changes an entry of a page
 * table that was present.
 */
export function noteMove(machine: Machine, sharing: Sharing, move: number, apply: (move: number) => unknown): void {
  const group = passedOn(machine, move);
  const owner = group < 0 ? group : (machine.state[machine.layout.groupOwner + group] as number);
  const word = storedEntry(machine, move);
  const entry = word < 0 ? 0 : (machine.state[word] as number);
  apply(move);
  if (owner >= 0 && owner !== cpuOf(move) && machine.state[machine.layout.groupOwner + group] !== owner)
    sharing.take(group);
  if (isPresent(entry) && machine.state[word] !== entry) sharing.noteChangedEntry();
}

/** The entry of a page table that a store becomes visible in by this move; -1: none. */
function storedEntry(machine: Machine, move: number): number {
  const { state, layout, runner, sequentiallyConsistent } = machine;
  const cpu = cpuOf(move);
  const action = actionOf(move);
  let word = -1;
  if (action === Action.drain) word = state[layout.cpu(cpu) + CpuField.buffer + BufferField.word] as number;
  else if (action < 0 && sequentiallyConsistent) {
    const base = machine.pending(cpu);
    if (runner.operands[base] === Opcode.store) word = runner.operands[base + Operand.a] as number;
  }
  return machine.isTableWord(word) ? word : -1;
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
