import type { Boot } from '../boot/boot.js';
import { GeneratorFrames, placeOf } from './generator-frames.js';
import { OP_STRIDE, Opcode, Operand, SEALED_CALL } from './opcode.js';
import { DIFFERENCE, ProgramMemory, RETURNED, SERVED_BY } from './program-memory.js';
import { ProgramTable } from './program-table.js';
import type { FrameListener, Runner } from './runner.js';
import { SealedValues, storesSealed } from './sealed-values.js';
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
 *
 * A sealed value takes no part in this: the frame keeps it, the generator gets a token instead, and what is remembered names the place where
 * the frame has it. Only how far two of them are apart can make a difference to the program, so that is remembered as something it has received.
 */
export class LiveRunner implements Runner {
  /** The ops of memory, a field of its own because every access to an op begins here. */
  operands: Int32Array;
  listener: FrameListener | undefined;
  readonly #table: ProgramTable;
  readonly #memory: ProgramMemory;
  readonly #frames: GeneratorFrames;
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
  readonly #sealed: SealedValues;
  /** Per program: the argument that it gets sealed, -1 when there is none. */
  readonly #sealedArgument: Int8Array;

  constructor(boot: Boot, contexts: number, lists: WordLists, remembers = false) {
    const frames = contexts * MAX_DEPTH;
    this.#table = new ProgramTable(boot, lists);
    this.#firstNode = placeOf(frames + 1);
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
    this.#below = new Int32Array(frames);
    this.#sealed = new SealedValues(frames);
    this.#sealedArgument = Int8Array.from(boot.programs, ({ sealedArgument }) => sealedArgument);
    this.#frames = new GeneratorFrames(this.#table, this.#memory, this.#sealed, frames);
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
    this.#open(context, cpu, program, [a, b, c, 0, 0, 0], 0);
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
    const called = operands[at + 1] as number;
    const program = called & (SEALED_CALL - 1);
    const sealed = this.#sealedArgument[program] as number;
    let value = sealed < 0 ? 0 : (operands[at + 2 + sealed] as number);
    if (called !== program) value = this.#sealed.get(this.#top(context), value);
    const known = at < this.#firstNode ? 0 : this.#memory.target(at);
    if (opcode === Opcode.become) this.#close(context, cpu);
    this.#enter(context, cpu, program);
    if (known !== 0 && this.#isRepeated(program)) {
      if (sealed >= 0) this.#sealed.set(this.#top(context), 0, value);
      this.#serve(context, known);
      return;
    }
    const given = argumentsAt(operands, at);
    if (sealed >= 0) given[sealed] = value;
    const start = this.#open(context, cpu, program, given, known);
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
  #open(context: number, cpu: number, program: number, given: number[], known: number): number {
    const frame = this.#top(context);
    const remembers = this.#isRemembered[program] === 1;
    const sealed = this.#sealedArgument[program] as number;
    if (remembers && sealed >= 0) {
      this.#sealed.set(frame, 0, given[sealed] as number);
      given[sealed] = 0;
    }
    const start = known !== 0 || !remembers ? known : this.#memory.start(program, cpu, given);
    if (known === 0 && start !== 0 && this.#isRepeated(program)) {
      this.#serve(context, start);
      return start;
    }
    const node = this.#frames.begin(frame, program, cpu, given, remembers, start);
    this.#showPlace(context, frame);
    return node;
  }

  #close(context: number, cpu: number): void {
    const depth = (this.#depths[context] as number) - 1;
    const frame = context * MAX_DEPTH + depth;
    const program = this.#programs[frame] as number;
    if ((this.#bases[context] as number) < this.#firstNode) this.#ended(frame, program);
    else this.#repeated[program] = (this.#repeated[program] as number) + 1;
    this.#depths[context] = depth;
    this.#bases[context] = depth === 0 ? 0 : (this.#below[frame - 1] as number);
    if (this.listener !== undefined && this.listener.programs[program] !== 0)
      this.listener.leave(context, cpu, program);
  }

  /** A program that memory has not served is forgotten when that is so too often. */
  #ended(frame: number, program: number): void {
    if (!this.#frames.end(frame)) return;
    const fresh = (this.#fresh[program] as number) + 1;
    this.#fresh[program] = fresh;
    if (fresh > this.#freshAllowed && fresh > (this.#repeated[program] as number)) this.#isRemembered[program] = 0;
  }

  /** The frame on top receives a value and goes to its next op. */
  #give(context: number, cpu: number, value: number): void {
    const { operands } = this;
    const at = this.#bases[context] as number;
    const node = at < this.#firstNode ? (operands[at + SERVED_BY] as number) : at;
    if (node === 0) {
      this.#run(context, cpu, value);
      return;
    }
    const isPlain = operands[node + Operand.seal] === 0;
    const received = isPlain ? value : this.#sealed.keep(this.#top(context), operands, node, value);
    const next = this.#follow(context, this.#memory.next(node, received));
    if (next !== 0) {
      this.#serve(context, next);
      return;
    }
    const frame = this.#top(context);
    this.#frames.revive(frame, this.#programs[frame] as number, cpu, node);
    this.#run(context, cpu, value);
  }

  /** The same for a frame that is run by its generator. */
  #run(context: number, cpu: number, value: number): void {
    const frame = this.#top(context);
    this.#frames.give(frame, this.#programs[frame] as number, cpu, value);
    this.#showPlace(context, frame);
  }

  /** What the frame on top does lies in its place. Memory may have been replaced meanwhile. */
  #showPlace(context: number, frame: number): void {
    this.#bases[context] = placeOf(frame);
    this.operands = this.#memory.ops;
  }

  /** Memory serves the frame on top, which is at this node. An op that stores a sealed value gets it now, in the place of the frame. */
  #serve(context: number, node: number): void {
    const { operands } = this;
    if (!storesSealed(operands, node)) {
      this.#bases[context] = node;
      return;
    }
    const frame = this.#top(context);
    const op = placeOf(frame);
    operands.copyWithin(op, node, node + OP_STRIDE);
    operands[op + SERVED_BY] = node;
    this.#sealed.fill(frame, operands, op);
    this.#bases[context] = op;
  }

  /** The first node from this one on at which the program yields something; 0 when it was never met. */
  #follow(context: number, first: number): number {
    const { operands } = this;
    let node = first;
    while (operands[node] === DIFFERENCE) {
      const [a, b] = [operands[node + Operand.a] as number, operands[node + Operand.b] as number];
      node = this.#memory.next(node, this.#sealed.difference(this.#top(context), a, b));
    }
    return node;
  }

  /** Index of the frame on top. */
  #top(context: number): number {
    return context * MAX_DEPTH + (this.#depths[context] as number) - 1;
  }
}

/** Arguments of the call at `at`. */
function argumentsAt(ops: Int32Array, at: number): number[] {
  const [a, b, c] = [ops[at + 2] as number, ops[at + 3] as number, ops[at + 4] as number];
  return [a, b, c, ops[at + 5] as number, ops[at + 6] as number, ops[at + 7] as number];
}

/** Neither a control transfer nor the end of a program. */
function isMicroOp(opcode: number): boolean {
  return opcode >= 0 && opcode < Opcode.call;
}
