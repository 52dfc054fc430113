import { OP_STRIDE, Opcode, Operand } from './opcode.js';
import type { Program } from './op.js';
import { DIFFERENCE, NODE_STRIDE, type ProgramMemory, RETURNED, SERVED_BY } from './program-memory.js';
import type { ProgramTable } from './program-table.js';
import { bringsSealed, type SealedValues } from './sealed-values.js';

/** Cursor of a frame that is not on record, and of one whose program has not yielded yet. */
const UNRECORDED = 0;
const BEGINNING = -1;

/**
 * The frames that are run by their generators: what one yields lies in the place of its frame, and in memory too when the program is remembered.
 *
 * The generator of a remembered program gets tokens for its sealed values. How far two of them are apart is something that the program has received, so it is
 * recorded like the result of an op.
 */
export class GeneratorFrames {
  readonly #table: ProgramTable;
  readonly #memory: ProgramMemory;
  readonly #sealed: SealedValues;
  readonly #generators: (Program<number | void> | undefined)[];
  /** Per frame: the node at which it is, 0 when it is not on record. */
  readonly #recorded: Int32Array;
  /** Per frame: whether its generator gets tokens, and how many it has got. */
  readonly #hasTokens: Uint8Array;
  readonly #tokens: Uint8Array;
  /** Offset of the place where a comparison is written down to be recorded. */
  readonly #scratch: number;
  /** The generator under way: its frame, program and CPU, the node at which it is, and what it has received there. */
  #frame = 0;
  #program = 0;
  #cpu = 0;
  #cursor = UNRECORDED;
  #received = 0;

  constructor(table: ProgramTable, memory: ProgramMemory, sealed: SealedValues, frames: number) {
    this.#table = table;
    this.#memory = memory;
    this.#sealed = sealed;
    this.#generators = new Array<Program<number | void> | undefined>(frames).fill(undefined);
    this.#recorded = new Int32Array(frames);
    this.#hasTokens = new Uint8Array(frames);
    this.#tokens = new Uint8Array(frames);
    this.#scratch = placeOf(frames);
    table.registers.seals.compare = (a, b) => this.#compared(a, b);
  }

  /**
   * Starts the program and brings it to its first op. One that is remembered is put on record, unless `start` is where it is already. Returns
   * its node, 0 when it has none.
   */
  begin(
    frame: number,
    program: number,
    cpu: number,
    given: readonly number[],
    remembers: boolean,
    start: number,
  ): number {
    const memory = this.#memory;
    const op = placeOf(frame);
    this.#generate(frame, program, cpu, given, remembers);
    this.#cursor = BEGINNING;
    this.#step(0);
    this.#recorded[frame] = remembers ? start : 0;
    if (!remembers) return 0;
    if (start !== 0) this.#compare(start, op);
    else this.#recorded[frame] = memory.addStart(op, program, cpu, given);
    this.#sealed.fill(frame, memory.ops, op);
    return this.#recorded[frame] as number;
  }

  /** The generator receives a value and goes to its next op. */
  give(frame: number, program: number, cpu: number, value: number): void {
    const op = placeOf(frame);
    this.#enter(frame, program, cpu);
    this.#cursor = this.#recorded[frame] as number;
    this.#received = this.#sealed.keep(frame, this.#memory.ops, op, value);
    this.#step(this.#handedOver(op, value));
    if (this.#cursor !== UNRECORDED) this.#record(op);
    this.#recorded[frame] = this.#cursor;
    this.#sealed.fill(frame, this.#memory.ops, op);
  }

  /** Gives a frame that memory has served so far, up to this node, its generator, brought to the same op. */
  revive(frame: number, program: number, cpu: number, node: number): void {
    const { ops } = this.#memory;
    const path = this.#memory.pathTo(node);
    this.#generate(frame, program, cpu, [...this.#memory.argumentsOf(path[0] as number)], true);
    let value = 0;
    path.forEach((step, index) => {
      const before = path[index - 1];
      if (before !== undefined && ops[before] !== DIFFERENCE)
        value = this.#handedOver(before, this.#memory.received(step));
      if (ops[step] === DIFFERENCE) return;
      this.#step(value);
      this.#compare(step, placeOf(frame));
    });
    this.#recorded[frame] = node;
  }

  /** The program has ended. True when it was on record. */
  end(frame: number): boolean {
    this.#generators[frame] = undefined;
    return this.#recorded[frame] !== 0;
  }

  /** What the generator is handed for this value: of a sealed one the place. */
  #handedOver(op: number, value: number): number {
    const { ops } = this.#memory;
    return bringsSealed(ops, op) ? (ops[op + Operand.seal] as number) - 1 : value;
  }

  #enter(frame: number, program: number, cpu: number): void {
    this.#frame = frame;
    this.#program = program;
    this.#cpu = cpu;
  }

  #generate(frame: number, program: number, cpu: number, given: readonly number[], withTokens: boolean): void {
    const table = this.#table;
    const isSealed = withTokens && (table.entries[program]?.sealedArgument ?? -1) >= 0;
    this.#enter(frame, program, cpu);
    this.#cursor = UNRECORDED;
    this.#hasTokens[frame] = withTokens ? 1 : 0;
    this.#tokens[frame] = isSealed ? 1 : 0;
    table.registers.seals.isActive = withTokens;
    this.#generators[frame] = table.open(program, cpu, given);
  }

  /** Resumes the generator and puts the op that it yields into the place of its frame. */
  #step(given: number): void {
    const table = this.#table;
    const { seals, file } = table.registers;
    const frame = this.#frame;
    const op = placeOf(frame);
    seals.isActive = this.#hasTokens[frame] !== 0;
    seals.count = this.#tokens[frame] as number;
    const generator = this.#generators[frame] as Program<number | void>;
    const result = table.step(generator, this.#program, this.#cpu, given);
    this.#tokens[frame] = seals.count;
    const { ops } = this.#memory;
    ops[op + SERVED_BY] = 0;
    if (result.done === true) {
      ops.fill(0, op, op + OP_STRIDE);
      ops[op] = RETURNED;
      ops[op + Operand.a] = table.resultOf(this.#program, this.#cpu, result.value);
    } else {
      takeOp(ops, op, file, seals.built);
      seals.built = 0;
    }
  }

  /** Puts what follows at the cursor on record, or compares it with what is there already, and moves the cursor to it. */
  #record(op: number): void {
    const known = this.#memory.next(this.#cursor, this.#received);
    if (known !== 0) this.#compare(known, op);
    this.#cursor = known !== 0 ? known : this.#memory.add(this.#cursor, this.#received, op);
  }

  /** The generator under way asks how far two sealed values are apart. */
  #compared(a: number, b: number): number {
    const difference = this.#sealed.difference(this.#frame, a, b);
    if (this.#cursor === BEGINNING) throw this.#table.comparesAtOnce(this.#program, this.#cpu);
    if (this.#cursor === UNRECORDED) return difference;
    const { ops } = this.#memory;
    ops.fill(0, this.#scratch, this.#scratch + OP_STRIDE);
    ops[this.#scratch] = DIFFERENCE;
    ops[this.#scratch + Operand.a] = a;
    ops[this.#scratch + Operand.b] = b;
    this.#record(this.#scratch);
    this.#received = difference;
    return difference;
  }

  #compare(node: number, op: number): void {
    if (!this.#memory.isSameOp(node, op)) throw this.#table.unrepeatable(this.#program, this.#cpu);
  }
}

/** Where the op of a frame lies that is no node of memory. The place behind the last frame is for comparisons. */
export function placeOf(frame: number): number {
  return (frame + 1) * NODE_STRIDE;
}

/** Copies the op out of the registers, what it does not use as 0. */
function takeOp(ops: Int32Array, op: number, file: Int32Array, seal: number): void {
  const opcode = file[0] as number;
  ops[op] = opcode;
  for (let i = 1; i < OP_STRIDE; i++) ops[op + i] = file[i] as number;
  if (opcode < Opcode.call) {
    ops[op + Operand.seal] = seal;
    if (file[Operand.group] === 0) ops[op + Operand.owner] = 0;
  }
  file[Operand.group] = 0;
}
