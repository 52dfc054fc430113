import type { Boot } from '../boot/boot.js';
import type { Program } from './op.js';
import { OP_STRIDE, Opcode, Operand } from './opcode.js';
import { type ProgramStep, ProgramTable } from './program-table.js';
import type { FrameListener, Runner } from './runner.js';
import type { WordLists } from './word-lists.js';

/** Frames that one context can hold: a fault above a system call above its callees. */
export const MAX_DEPTH = 16;
/** Control transfers in a row without a micro-op; more is a loop that never reaches one. */
const MAX_CONTROL_TRANSFERS = 10_000;

/** Runs programs as live generators, one stack of frames per context. */
export class LiveRunner implements Runner {
  readonly operands: Int32Array;
  listener: FrameListener | undefined;
  readonly #table: ProgramTable;
  readonly #generators: (Program<number | void> | undefined)[];
  readonly #frameProgram: Int32Array;
  readonly #depths: Int32Array;
  /** Per context: offset of its top frame's op, 0 when it has no frame. */
  readonly #bases: Int32Array;

  constructor(boot: Boot, contexts: number, lists: WordLists) {
    const frames = contexts * MAX_DEPTH;
    this.operands = new Int32Array((frames + 1) * OP_STRIDE);
    this.operands[0] = Opcode.finished;
    this.#generators = new Array<Program<number | void> | undefined>(frames).fill(undefined);
    this.#frameProgram = new Int32Array(frames);
    this.#depths = new Int32Array(contexts);
    this.#bases = new Int32Array(contexts);
    this.#table = new ProgramTable(boot, lists);
  }

  at(context: number): number {
    return this.#bases[context] as number;
  }

  stack(context: number): readonly number[] {
    const first = context * MAX_DEPTH;
    return [...this.#frameProgram.subarray(first, first + (this.#depths[context] as number))];
  }

  start(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    this.#setDepth(context, 0);
    this.push(context, cpu, program, a, b, c);
  }

  push(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    this.#open(context, cpu, program, a, b, c, 0, 0, 0);
    this.#run(context, cpu, 0);
  }

  resume(context: number, cpu: number, value: number): void {
    this.#run(context, cpu, value);
  }

  #open(
    context: number,
    cpu: number,
    program: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
  ): void {
    const depth = this.#depths[context] as number;
    if (depth >= MAX_DEPTH - 1) throw this.#table.tooDeep(this.stack(context), cpu);
    const frame = context * MAX_DEPTH + depth;
    this.#generators[frame] = this.#table.open(program, cpu, a, b, c, d, e, f);
    this.#frameProgram[frame] = program;
    this.#setDepth(context, depth + 1);
    if (this.listener !== undefined) this.listener.enter(context, cpu, program);
  }

  #close(context: number, cpu: number): void {
    const depth = (this.#depths[context] as number) - 1;
    const frame = context * MAX_DEPTH + depth;
    this.#generators[frame] = undefined;
    this.#setDepth(context, depth);
    if (this.listener !== undefined) this.listener.leave(context, cpu, this.#frameProgram[frame] as number);
  }

  #setDepth(context: number, depth: number): void {
    this.#depths[context] = depth;
    this.#bases[context] = depth === 0 ? 0 : (context * MAX_DEPTH + depth) * OP_STRIDE;
  }

  #run(context: number, cpu: number, resumeValue: number): void {
    let value = resumeValue;
    for (let transfers = 0; transfers < MAX_CONTROL_TRANSFERS; transfers++) {
      const frame = context * MAX_DEPTH + (this.#depths[context] as number) - 1;
      const result = this.#step(frame, cpu, value);
      if (result.done === true) {
        this.#close(context, cpu);
        if (this.#depths[context] === 0) return;
        if (this.operands[this.at(context)] !== Opcode.call) return;
        value = this.#table.resultOf(this.#frameProgram[frame] as number, cpu, result.value);
      } else if (this.#takeOp(context, cpu)) {
        return;
      } else {
        value = 0;
      }
    }
    throw this.#table.controlLoop(this.stack(context).at(-1) ?? 0, cpu, MAX_CONTROL_TRANSFERS);
  }

  /** Takes the op that was just yielded; false when it was a control transfer, whose frame is now on top. */
  #takeOp(context: number, cpu: number): boolean {
    const file = this.#table.registers.file;
    const base = this.#bases[context] as number;
    const opcode = file[0] as number;
    if (opcode < Opcode.call) {
      const { operands } = this;
      operands[base] = opcode;
      operands[base + Operand.a] = file[Operand.a] as number;
      operands[base + Operand.b] = file[Operand.b] as number;
      operands[base + Operand.c] = file[Operand.c] as number;
      operands[base + Operand.d] = file[Operand.d] as number;
      operands[base + Operand.owner] = file[Operand.owner] as number;
      operands[base + Operand.group] = file[Operand.group] as number;
      file[Operand.group] = 0;
      return true;
    }
    const last = file[7] as number;
    file[Operand.group] = 0;
    if (opcode === Opcode.become) this.#close(context, cpu);
    else this.operands[base] = Opcode.call;
    this.#open(
      context,
      cpu,
      file[1] as number,
      file[2] as number,
      file[3] as number,
      file[4] as number,
      file[5] as number,
      file[6] as number,
      last,
    );
    return false;
  }

  #step(frame: number, cpu: number, value: number): ProgramStep {
    return this.#table.step(
      this.#generators[frame] as Program<number | void>,
      this.#frameProgram[frame] as number,
      cpu,
      value,
    );
  }
}
