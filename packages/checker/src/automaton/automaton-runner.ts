import {
  type Boot,
  type Machine,
  MAX_DEPTH,
  OP_STRIDE,
  Opcode,
  Operand,
  PROGRAM_OPS,
  type Runner,
  type WordLists,
} from '@shootdown/core';
import { ProgramAutomaton, RETURNED } from './program-automaton.js';

/** Integers that a context's frames occupy in the state vector: their number, then a node per frame, bottom first. */
export const FRAME_WORDS: number = MAX_DEPTH;
/** Nodes of one program before it is refused. */
export const DEFAULT_MAX_NODES = 20_000;
/** Control transfers in a row without a micro-op; more is a loop that never reaches one. */
const MAX_CONTROL_TRANSFERS = 10_000;

/**
 * Runs programs as memoised automata whose frames are integers of the state vector: restoring the vector restores the
 * programs.
 */
export class AutomatonRunner implements Runner {
  readonly automaton: ProgramAutomaton;
  readonly #state: Int32Array;
  readonly #first: number;

  constructor(boot: Boot, machine: Machine, lists: WordLists, maxNodesPerProgram: number = DEFAULT_MAX_NODES) {
    this.#state = machine.state;
    this.#first = machine.layout.runner;
    this.automaton = new ProgramAutomaton(boot, lists, {
      maxNodesPerProgram,
      describe: (base) => PROGRAM_OPS[machine.runner.operands[base] as number]?.text(machine, base) ?? '?',
    });
  }

  get operands(): Int32Array {
    return this.automaton.operands;
  }

  at(context: number): number {
    const frames = this.#first + context * FRAME_WORDS;
    const depth = this.#state[frames] as number;
    return depth === 0 ? 0 : (this.#state[frames + depth] as number) * OP_STRIDE;
  }

  stack(context: number): readonly number[] {
    const frames = this.#first + context * FRAME_WORDS;
    const depth = this.#state[frames] as number;
    return Array.from(this.#state.subarray(frames + 1, frames + 1 + depth), (node) => this.automaton.programOf(node));
  }

  start(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    const frames = this.#first + context * FRAME_WORDS;
    this.#state.fill(0, frames, frames + FRAME_WORDS);
    this.push(context, cpu, program, a, b, c);
  }

  push(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    const isPlain = (a | b | c) === 0;
    this.#enter(
      context,
      cpu,
      isPlain ? this.automaton.startPlain(program, cpu) : this.automaton.start(program, cpu, [a, b, c, 0, 0, 0]),
    );
    this.#settle(context, cpu);
  }

  resume(context: number, cpu: number, value: number): void {
    this.#give(this.#first + context * FRAME_WORDS, value);
    this.#settle(context, cpu);
  }

  /** The frame on top receives a value. */
  #give(frames: number, value: number): void {
    const top = frames + (this.#state[frames] as number);
    this.#state[top] = this.automaton.child(this.#state[top] as number, value);
  }

  #enter(context: number, cpu: number, node: number): void {
    const frames = this.#first + context * FRAME_WORDS;
    const depth = (this.#state[frames] as number) + 1;
    if (depth >= MAX_DEPTH) throw this.automaton.table.tooDeep(this.stack(context), cpu);
    this.#state[frames] = depth;
    this.#state[frames + depth] = node;
  }

  /** Executes control transfers until a micro-op is on top or the context has finished. */
  #settle(context: number, cpu: number): void {
    const frames = this.#first + context * FRAME_WORDS;
    for (let transfers = 0; transfers < MAX_CONTROL_TRANSFERS; transfers++) {
      const depth = this.#state[frames] as number;
      const node = this.#state[frames + depth] as number;
      const opcode = this.automaton.opcode(node);
      if (opcode === Opcode.call) this.#enter(context, cpu, this.automaton.target(node, cpu));
      else if (opcode === Opcode.become) this.#state[frames + depth] = this.automaton.target(node, cpu);
      else if (opcode !== RETURNED) return;
      else if (this.#leave(frames, depth, node)) return;
    }
    throw this.automaton.table.controlLoop(this.stack(context).at(-1) ?? 0, cpu, MAX_CONTROL_TRANSFERS);
  }

  /** Removes the frame on top; true when nothing more is to be done: the context has finished, or a faulting op is retried. */
  #leave(frames: number, depth: number, node: number): boolean {
    this.#state[frames + depth] = 0;
    this.#state[frames] = depth - 1;
    if (depth === 1) return true;
    if (this.automaton.opcode(this.#state[frames + depth - 1] as number) !== Opcode.call) return true;
    this.#give(frames, this.automaton.operand(node, Operand.a));
    return false;
  }
}
