import type { Boot } from '../boot/boot.js';
import type { Program } from './op.js';
import { OP_STRIDE, Opcode, Operand } from './opcode.js';
import { NODE_STRIDE, ProgramMemory, RETURNED } from './program-memory.js';
import { ProgramTable } from './program-table.js';
import type { FrameListener, Runner } from './runner.js';
import type { WordLists } from './word-lists.js';

/** Frames that one context can hold: a fault above a system call above its callees. */
export const MAX_DEPTH = 16;
/** Control transfers in a row without a micro-op; more is a loop that never reaches one. */
const MAX_CONTROL_TRANSFERS = 10_000;
/** Of so many starts that memory could serve, one is run by its generator and compared. */
const AUDIT_EVERY = 256;
/** A program is forgotten when so many more of its runs than once per CPU were new, and more new than known. */
const FORGETS_AFTER = 64;

/**
 * Runs programs as live generators, one stack of frames per context.
 *
 * With `remembers` it records what the kernel's programs do after which values, and does not run a generator where all has been met
 * before: a program is a function of the values it has received. A frame whose program does something new gets its
 * generator, which is brought to where the frame is. Programs of a strategy are never remembered.
 */
export class LiveRunner implements Runner {
  /** The ops of memory, a field of its own because every access to an op begins here. */
  operands: Int32Array;
  listener: FrameListener | undefined;
  readonly #table: ProgramTable;
  readonly #memory: ProgramMemory;
  readonly #firstNode: number;
  /** Per program: its runs are recorded and repeated. */
  readonly #isRemembered: Uint8Array;
  /** Per program: runs that memory served, runs that were new, and how many of these are allowed before they prevail. */
  readonly #repeated: Int32Array;
  readonly #fresh: Int32Array;
  readonly #freshAllowed: number;
  #starts = 0;
  readonly #depths: Int32Array;
  /** Per context: offset of its top frame's op, 0 when it has no frame. A node as long as memory serves the frame. */
  readonly #bases: Int32Array;
  /** Per frame that is not on top: offset of its op. */
  readonly #below: Int32Array;
  readonly #programs: Int32Array;
  readonly #generators: (Program<number | void> | undefined)[];
  /** Per frame that is run by its generator: the node at which it is, 0 when it is not recorded. */
  readonly #recorded: Int32Array;

  constructor(boot: Boot, contexts: number, lists: WordLists, remembers = false) {
    const frames = contexts * MAX_DEPTH;
    this.#table = new ProgramTable(boot, lists);
    this.#firstNode = (frames + 1) * NODE_STRIDE;
    this.#memory = new ProgramMemory(this.#firstNode);
    this.operands = this.#memory.ops;
    this.operands[0] = Opcode.finished;
    this.#isRemembered = Uint8Array.from(boot.programs, ({ owner }) => (remembers && owner === 'kernel' ? 1 : 0));
    this.#repeated = new Int32Array(boot.programs.length);
    this.#fresh = new Int32Array(boot.programs.length);
    this.#freshAllowed = FORGETS_AFTER + 4 * boot.shape.cpuCount;
    this.#depths = new Int32Array(contexts);
    this.#bases = new Int32Array(contexts);
    this.#programs = new Int32Array(frames);
    this.#generators = new Array<Program<number | void> | undefined>(frames).fill(undefined);
    this.#below = new Int32Array(frames);
    this.#recorded = new Int32Array(frames);
  }

  /** Nodes on record, of all programs. */
  get nodes(): number {
    return this.#memory.size;
  }

  at(context: number): number {
    return this.#bases[context] as number;
  }

  stack(context: number): readonly number[] {
    const first = context * MAX_DEPTH;
    return [...this.#programs.subarray(first, first + (this.#depths[context] as number))];
  }

  start(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    this.#depths[context] = 0;
    this.push(context, cpu, program, a, b, c);
  }

  push(context: number, cpu: number, program: number, a: number, b: number, c: number): void {
    this.#enter(context, cpu, program);
    this.#open(context, cpu, program, a, b, c, 0, 0, 0, 0);
    this.#settle(context, cpu);
  }

  resume(context: number, cpu: number, value: number): void {
    this.#give(context, cpu, value);
    if (!isMicroOp(this.operands[this.#bases[context] as number] as number)) this.#settle(context, cpu);
  }

  /** Executes control transfers until a micro-op is on top or the context has finished. */
  #settle(context: number, cpu: number): void {
    for (let transfers = 0; transfers < MAX_CONTROL_TRANSFERS; transfers++) {
      const at = this.#bases[context] as number;
      const opcode = this.operands[at] as number;
      if (opcode === RETURNED) {
        const value = this.operands[at + Operand.a] as number;
        this.#close(context, cpu);
        // A pending op below that is no call has faulted and is tried again.
        if (this.#depths[context] === 0 || this.operands[this.#bases[context] as number] !== Opcode.call) return;
        this.#give(context, cpu, value);
      } else if (isMicroOp(opcode)) {
        return;
      } else {
        this.#transfer(context, cpu, at, opcode);
      }
    }
    throw this.#table.controlLoop(this.stack(context).at(-1) ?? 0, cpu, MAX_CONTROL_TRANSFERS);
  }

  /** A `call` or a `become`, whose frame is on top afterwards. */
  #transfer(context: number, cpu: number, at: number, opcode: number): void {
    const { operands } = this;
    const program = operands[at + 1] as number;
    const known = at < this.#firstNode ? 0 : this.#memory.target(at);
    if (opcode === Opcode.become) this.#close(context, cpu);
    this.#enter(context, cpu, program);
    if (known !== 0 && this.#isRepeated(program)) {
      this.#bases[context] = known;
      return;
    }
    const start = this.#open(
      context,
      cpu,
      program,
      operands[at + 2] as number,
      operands[at + 3] as number,
      operands[at + 4] as number,
      operands[at + 5] as number,
      operands[at + 6] as number,
      operands[at + 7] as number,
      known,
    );
    if (at >= this.#firstNode && known === 0) this.#memory.setTarget(at, start);
  }

  /** Memory serves this start of the program, which is on record: it is neither forgotten nor audited this time. */
  #isRepeated(program: number): boolean {
    return this.#isRemembered[program] === 1 && ++this.#starts % AUDIT_EVERY !== 0;
  }

  /** Puts a frame of the program on top. */
  #enter(context: number, cpu: number, program: number): void {
    const depth = this.#depths[context] as number;
    if (depth >= MAX_DEPTH - 1) throw this.#table.tooDeep(this.stack(context), cpu);
    const frame = context * MAX_DEPTH + depth;
    if (depth > 0) this.#below[frame - 1] = this.#bases[context] as number;
    this.#programs[frame] = program;
    this.#depths[context] = depth + 1;
    if (this.listener !== undefined && this.listener.programs[program] !== 0)
      this.listener.enter(context, cpu, program);
  }

  /**
   * Brings the frame on top, which has just been entered, to its first op. Returns its node on record, 0 when there is none.
   * `known` is the start on record when it has been decided already that memory does not serve it.
   */
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
    known: number,
  ): number {
    const isRemembered = this.#isRemembered[program] === 1;
    const start = known !== 0 || !isRemembered ? known : this.#memory.start(program, cpu, a, b, c, d, e, f);
    if (known === 0 && start !== 0 && this.#isRepeated(program)) {
      this.#bases[context] = start;
      return start;
    }
    const frame = this.#top(context);
    this.#recorded[frame] = 0;
    this.#generators[frame] = this.#table.open(program, cpu, a, b, c, d, e, f);
    const op = this.#step(context, cpu, frame, 0);
    if (isRemembered) {
      if (start !== 0) this.#compare(start, op, program, cpu);
      this.#recorded[frame] = start !== 0 ? start : this.#memory.addStart(op, program, cpu, a, b, c, d, e, f);
      this.operands = this.#memory.ops;
    }
    return this.#recorded[frame] as number;
  }

  #close(context: number, cpu: number): void {
    const depth = (this.#depths[context] as number) - 1;
    const frame = context * MAX_DEPTH + depth;
    const program = this.#programs[frame] as number;
    if ((this.#bases[context] as number) < this.#firstNode) this.#closeGenerator(frame, program);
    else this.#repeated[program] = (this.#repeated[program] as number) + 1;
    this.#depths[context] = depth;
    this.#bases[context] = depth === 0 ? 0 : (this.#below[frame - 1] as number);
    if (this.listener !== undefined && this.listener.programs[program] !== 0)
      this.listener.leave(context, cpu, program);
  }

  #closeGenerator(frame: number, program: number): void {
    this.#generators[frame] = undefined;
    if (this.#recorded[frame] === 0) return;
    const fresh = (this.#fresh[program] as number) + 1;
    this.#fresh[program] = fresh;
    if (fresh > this.#freshAllowed && fresh > (this.#repeated[program] as number)) this.#isRemembered[program] = 0;
  }

  /** The frame on top receives a value and goes to its next op. */
  #give(context: number, cpu: number, value: number): void {
    const node = this.#bases[context] as number;
    if (node < this.#firstNode) {
      this.#run(context, cpu, value);
      return;
    }
    const next = this.#memory.next(node, value);
    if (next === 0) {
      this.#revive(context, cpu, node);
      this.#run(context, cpu, value);
    } else this.#bases[context] = next;
  }

  /** The same for a frame that is run by its generator. */
  #run(context: number, cpu: number, value: number): void {
    const frame = this.#top(context);
    const op = this.#step(context, cpu, frame, value);
    const node = this.#recorded[frame] as number;
    if (node === 0) return;
    const known = this.#memory.next(node, value);
    if (known !== 0) this.#compare(known, op, this.#programs[frame] as number, cpu);
    this.#recorded[frame] = known !== 0 ? known : this.#memory.add(node, value, op);
    this.operands = this.#memory.ops;
  }

  /** Gives the frame on top, which memory has served so far, its generator, brought to the same op. */
  #revive(context: number, cpu: number, node: number): void {
    const frame = this.#top(context);
    const memory = this.#memory;
    const program = this.#programs[frame] as number;
    const path = memory.pathTo(node);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = memory.argumentsOf(path[0] as number);
    this.#generators[frame] = this.#table.open(program, cpu, a, b, c, d, e, f);
    path.forEach((step, index) => {
      const op = this.#step(context, cpu, frame, index === 0 ? 0 : memory.received(step));
      this.#compare(step, op, program, cpu);
    });
    this.#recorded[frame] = node;
  }

  /** Resumes the generator of the frame on top and takes the op that it yields. Returns where the op lies. */
  #step(context: number, cpu: number, frame: number, value: number): number {
    const table = this.#table;
    const { operands } = this;
    const program = this.#programs[frame] as number;
    const base = (frame + 1) * NODE_STRIDE;
    const result = table.step(this.#generators[frame] as Program<number | void>, program, cpu, value);
    this.#bases[context] = base;
    if (result.done === true) {
      for (let i = base; i < base + OP_STRIDE; i++) operands[i] = 0;
      operands[base] = RETURNED;
      operands[base + Operand.a] = table.resultOf(program, cpu, result.value);
    } else takeOp(operands, base, table.registers.file);
    return base;
  }

  #compare(node: number, op: number, program: number, cpu: number): void {
    if (!this.#memory.isSameOp(node, op)) throw this.#table.unrepeatable(program, cpu);
  }

  /** Index of the frame on top. */
  #top(context: number): number {
    return context * MAX_DEPTH + (this.#depths[context] as number) - 1;
  }
}

/** Copies the op out of the registers, what it does not use as 0. */
function takeOp(operands: Int32Array, base: number, file: Int32Array): void {
  const opcode = file[0] as number;
  operands[base] = opcode;
  for (let i = 1; i < OP_STRIDE; i++) operands[base + i] = file[i] as number;
  if (opcode < Opcode.call) {
    operands[base + Operand.d + 1] = 0;
    if (file[Operand.group] === 0) operands[base + Operand.owner] = 0;
  }
  file[Operand.group] = 0;
}

/** Neither a control transfer nor the end of a program. */
function isMicroOp(opcode: number): boolean {
  return opcode >= 0 && opcode < Opcode.call;
}
