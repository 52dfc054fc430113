import { type Machine, OP_STRIDE, Opcode, Operand, ShootdownError } from '@shootdown/core';
import type { AutomatonRunner } from './automaton-runner.js';

/** A machine whose programs run as automata. */
export interface AutomatonMachine {
  readonly machine: Machine;
  readonly runner: AutomatonRunner;
}

/**
 * Derives every node of an explored machine again on fresh instances, first in the same order, then shuffled, and
 * compares. Throws NONDETERMINISM when the order alone does not matter, SHARED_STATE when it does: something outside
 * the machine words is remembered between runs. A pass detects no such state; it does not prove that there is none.
 */
export function rederive(explored: AutomatonMachine, makeFresh: () => AutomatonMachine): void {
  const size = explored.runner.automaton.size;
  compareInOrder(explored, makeFresh(), (index) => index, 'NONDETERMINISM');
  const stride = coprimeStride(size - 1);
  compareInOrder(explored, makeFresh(), (index) => 1 + (((index - 1) * stride) % (size - 1)), 'SHARED_STATE');
}

function compareInOrder(
  explored: AutomatonMachine,
  fresh: AutomatonMachine,
  nodeAt: (index: number) => number,
  code: 'NONDETERMINISM' | 'SHARED_STATE',
): void {
  const known = explored.runner.automaton;
  for (let index = 1; index < known.size; index++) {
    const node = nodeAt(index);
    const again = fresh.runner.automaton.follow(known.pathOf(node));
    if (isSameOp(explored, node, fresh, again)) continue;
    const program = known.nameOf(known.programOf(node));
    const message = `${program} did '${known.text(node)}' when explored and '${fresh.runner.automaton.text(again)}' in a fresh instance that met its programs in ${code === 'SHARED_STATE' ? 'another' : 'the same'} order. Keep all state in machine words.`;
    throw new ShootdownError(code, message, { details: { program, op: known.text(node) } });
  }
}

function isSameOp(explored: AutomatonMachine, node: number, fresh: AutomatonMachine, again: number): boolean {
  const first = explored.runner.automaton;
  const second = fresh.runner.automaton;
  for (let offset = 0; offset < OP_STRIDE; offset++) {
    if (first.operand(node, offset) === second.operand(again, offset)) continue;
    if (first.opcode(node) !== Opcode.waitAny || offset !== Operand.a) return false;
    const words = explored.machine.lists.list(first.operand(node, offset));
    if (words.join() !== fresh.machine.lists.list(second.operand(again, offset)).join()) return false;
  }
  return true;
}

/** A step that visits all of 0 … count-1 before it repeats. */
function coprimeStride(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestDivisor(stride, count) !== 1) stride++;
  return stride;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
