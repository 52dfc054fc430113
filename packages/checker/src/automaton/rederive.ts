import { type Machine, OP_STRIDE, Opcode, Operand, ShootdownError } from '@shootdown/core';
import type { ProgramAutomaton } from './program-automaton.js';

/** A machine and the automaton of its programs. */
export interface Derivation {
  readonly machine: Machine;
  readonly automaton: ProgramAutomaton;
}

/**
 * Derives every node of an explored machine again on fresh instances, in the same order, backwards and shuffled, and
 * compares. Throws NONDETERMINISM when the order does not matter, SHARED_STATE when it does: something outside the
 * machine words is remembered between runs. `makeFresh` must not have run any program yet. A pass detects no such state; it does not prove that there is none.
 */
export function rederive(explored: Derivation, makeFresh: () => Derivation): void {
  const last = explored.automaton.size - 1;
  const stride = coprimeStride(last);
  compareInOrder(explored, makeFresh(), (index) => index, 'NONDETERMINISM');
  compareInOrder(explored, makeFresh(), (index) => last + 1 - index, 'SHARED_STATE');
  compareInOrder(explored, makeFresh(), (index) => 1 + ((index * stride) % last), 'SHARED_STATE');
}

function compareInOrder(
  explored: Derivation,
  fresh: Derivation,
  nodeAt: (index: number) => number,
  code: 'NONDETERMINISM' | 'SHARED_STATE',
): void {
  const known = explored.automaton;
  for (let index = 1; index < known.size; index++) {
    const node = nodeAt(index);
    const again = fresh.automaton.follow(known.pathOf(node));
    if (isSameOp(explored, node, fresh, again)) continue;
    const program = known.nameOf(known.programOf(node));
    const message = `${program} did '${known.text(node)}' when explored and '${fresh.automaton.text(again)}' in a fresh instance that met its programs in ${code === 'SHARED_STATE' ? 'another' : 'the same'} order. Keep all state in machine words.`;
    throw new ShootdownError(code, message, {
      details: { ...known.details(known.programOf(node)), op: known.text(node) },
    });
  }
}

function isSameOp(explored: Derivation, node: number, fresh: Derivation, again: number): boolean {
  const first = explored.automaton;
  const second = fresh.automaton;
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
