import type { Boot, ProgramEntry } from '../boot/boot.js';
import { ShootdownError } from '../errors.js';
import { Cpu } from './cpu.js';
import { KernelCpu } from './kernel-cpu.js';
import type { Program } from './op.js';
import { OP_STRIDE, Opcode, Operand } from './opcode.js';
import { Registers } from './registers.js';
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
  readonly #registers = new Registers();
  readonly #programs: readonly ProgramEntry[];
  readonly #views: readonly KernelCpu[];
  readonly #plainViews: readonly Cpu[];
  readonly #generators: (Program<number | void> | undefined)[];
  readonly #frameProgram: Int32Array;
  readonly #depths: Int32Array;

  constructor(boot: Boot, contexts: number, lists: WordLists) {
    const frames = contexts * MAX_DEPTH;
    this.operands = new Int32Array((frames + 1) * OP_STRIDE);
    this.operands[0] = Opcode.finished;
    this.#generators = new Array<Program<number | void> | undefined>(frames).fill(undefined);
    this.#frameProgram = new Int32Array(frames);
    this.#depths = new Int32Array(contexts);
    this.#programs = boot.programs;
    const ids = Array.from({ length: boot.shape.cpuCount }, (_, id) => id);
    this.#views = ids.map((id) => new KernelCpu(id, this.#registers, lists));
    this.#plainViews = ids.map((id) => new Cpu(id, this.#registers, lists));
  }

  at(context: number): number {
    const depth = this.#depths[context] as number;
    return depth === 0 ? 0 : (context * MAX_DEPTH + depth) * OP_STRIDE;
  }

  /** Programs on the context's stack, bottom first. */
  stack(context: number): readonly number[] {
    const first = context * MAX_DEPTH;
    return [...this.#frameProgram.subarray(first, first + (this.#depths[context] as number))];
  }

  start(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    this.#depths[context] = 0;
    this.push(context, cpu, program, a, b, c);
  }

  push(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    this.#open(context, cpu, program, a, b, c, 0, 0, 0);
    this.#run(context, cpu, undefined);
  }

  resume(context: number, cpu: number, value: number): void {
    this.#run(context, cpu, value);
  }

  #open(context: number, cpu: number, program: number, a: number, b: number, c: number, d: number, e: number, f: number): void {
    const depth = this.#depths[context] as number;
    if (depth >= MAX_DEPTH - 1) throw this.#depthError(context);
    const entry = this.#programs[program] as ProgramEntry;
    const view = entry.owner === 'kernel' ? this.#views[cpu] : this.#plainViews[cpu];
    const frame = context * MAX_DEPTH + depth;
    this.#generators[frame] = entry.run(view as KernelCpu, a, b, c, d, e, f);
    this.#frameProgram[frame] = program;
    this.#depths[context] = depth + 1;
    this.listener?.enter(context, cpu, program);
  }

  #close(context: number, cpu: number): void {
    const depth = (this.#depths[context] as number) - 1;
    const frame = context * MAX_DEPTH + depth;
    this.#generators[frame] = undefined;
    this.#depths[context] = depth;
    this.listener?.leave(context, cpu, this.#frameProgram[frame] as number);
  }

  #run(context: number, cpu: number, resumeValue: number | undefined): void {
    let value = resumeValue;
    for (let transfers = 0; transfers < MAX_CONTROL_TRANSFERS; transfers++) {
      const frame = context * MAX_DEPTH + (this.#depths[context] as number) - 1;
      const result = this.#step(frame, cpu, value);
      if (result.done === true) {
        this.#close(context, cpu);
        if (this.#depths[context] === 0) return;
        if (this.operands[this.at(context)] !== Opcode.call) return;
        value = this.#resultOf(frame, result.value);
      } else if (this.#takeOp(context, cpu)) {
        return;
      } else {
        value = undefined;
      }
    }
    throw new ShootdownError('CONTROL_LOOP', `${this.#place(context * MAX_DEPTH, cpu)} made ${MAX_CONTROL_TRANSFERS} calls in a row without a micro-op. A loop must contain an op that takes time.`);
  }

  /** Takes the op that was just yielded; false when it was a control transfer, whose frame is now on top. */
  #takeOp(context: number, cpu: number): boolean {
    const registers = this.#registers;
    const file = registers.file;
    const base = (context * MAX_DEPTH + (this.#depths[context] as number)) * OP_STRIDE;
    const opcode = file[0] as number;
    if (opcode < Opcode.call) {
      for (let i = 0; i < OP_STRIDE; i++) this.operands[base + i] = file[i] as number;
      file[Operand.group] = 0;
      return true;
    }
    const last = file[7] as number;
    file[Operand.group] = 0;
    if (opcode === Opcode.become) this.#close(context, cpu);
    else this.operands[base] = Opcode.call;
    this.#open(context, cpu, file[1] as number, file[2] as number, file[3] as number, file[4] as number, file[5] as number, file[6] as number, last);
    return false;
  }

  #step(frame: number, cpu: number, value: number | undefined): IteratorResult<number, number | void> {
    const registers = this.#registers;
    registers.taken = false;
    const generator = this.#generators[frame] as Program<number | void>;
    let result: IteratorResult<number, number | void>;
    try {
      result = value === undefined ? generator.next(0) : generator.next(value);
    } catch (cause) {
      throw this.#programError(frame, cpu, cause);
    }
    if (result.done === true ? registers.armed : !registers.taken) throw this.#notAnOp(frame, cpu, result.done === true);
    return result;
  }

  #resultOf(frame: number, value: number | void): number {
    const result = value ?? 0;
    if ((result | 0) === result) return result;
    throw new ShootdownError('INVALID_ARGUMENTS', `${this.#place(frame, -1)} returned ${String(value)}. Programs return 32-bit integers or nothing.`);
  }

  #place(frame: number, cpu: number): string {
    const entry = this.#programs[this.#frameProgram[frame] as number];
    return `Program '${entry?.name ?? '?'}' of ${entry?.owner ?? '?'}${cpu < 0 ? '' : ` on CPU ${cpu}`}`;
  }

  #notAnOp(frame: number, cpu: number, returned: boolean): ShootdownError {
    this.#registers.reset();
    if (returned) return new ShootdownError('STALE_OP', `${this.#place(frame, cpu)} built an op and returned without yielding it. Use yield* on every op.`);
    return new ShootdownError('NOT_AN_OP', `${this.#place(frame, cpu)} yielded a value that is not a micro-op. Yield only ops of its cpu: yield* cpu.load(word).`);
  }

  #programError(frame: number, cpu: number, cause: unknown): ShootdownError {
    this.#registers.reset();
    const entry = this.#programs[this.#frameProgram[frame] as number] as ProgramEntry;
    const details = { program: entry.name, strategy: entry.owner, cpu };
    if (cause instanceof ShootdownError) return new ShootdownError(cause.code, `${this.#place(frame, cpu)}: ${cause.message}`, { details, cause });
    return new ShootdownError('PLUGIN_THREW', `${this.#place(frame, cpu)} threw: ${String(cause)}`, { details, cause });
  }

  #depthError(context: number): ShootdownError {
    const names = this.stack(context).map((index) => this.#programs[index]?.name ?? '?');
    return new ShootdownError('CALL_DEPTH', `More than ${MAX_DEPTH - 1} nested calls: ${names.join(' → ')}. Use become for loops.`);
  }
}
