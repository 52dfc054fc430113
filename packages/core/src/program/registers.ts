import { ShootdownError } from '../errors.js';
import { MAX_ARGUMENTS, OP_STRIDE, OPCODE_NAMES, Operand } from './opcode.js';
import type { Op, Yielded } from './op.js';
import type { Sealed } from './sealed.js';
import { Seals } from './seals.js';

/**
 * The operand registers of the op under construction, and the iterators that carry it to the driver.
 *
 * Handshake: a builder method arms the registers; the first `next(undefined)` of the iterator takes them (`taken`);
 * the driver resumes with a number, which ends the iterator. The iterators hold no state of their own, so one object
 * serves every suspended `yield*` at once, and nothing is allocated per op. An op that was built and not yielded at
 * once is caught by `armed`, a value that is no op by `taken`.
 */
export class Registers {
  /** Opcode and operands of the op being built (see `Operand`). */
  readonly file: Int32Array = new Int32Array(OP_STRIDE);
  armed = false;
  taken = false;
  readonly seals: Seals = new Seals();
  readonly none: Op<void>;
  readonly number: Op<number>;
  readonly bit: Op<boolean>;
  readonly sealed: Op<Sealed>;

  constructor() {
    this.none = new NoResult(this);
    this.number = new NumberResult(this);
    this.bit = new BitResult(this);
    this.sealed = new SealedResult(this);
  }

  /** Starts an op. Throws STALE_OP when the previous one was never yielded, INVALID_OPERAND for what is no 32-bit integer. */
  build(opcode: number, a: number, b: number, c: number, d: number): void {
    if (this.armed) throw this.#stale('was built but never yielded');
    // The register file would make a word of anything: 0 of a function, of undefined and of a text.
    if (!(isInteger(a) && isInteger(b) && isInteger(c) && isInteger(d))) throw badOperand(opcode, [a, b, c, d]);
    const file = this.file;
    file[0] = opcode;
    file[Operand.a] = a;
    file[Operand.b] = b;
    file[Operand.c] = c;
    file[Operand.d] = d;
    this.armed = true;
  }

  /** Starts a `call` or `become`; `values` are the arguments. Throws INVALID_ARGUMENTS unless they are 32-bit integers. */
  buildControl(opcode: number, program: number, values: readonly number[]): void {
    this.build(opcode, program, 0, 0, 0);
    if (values.length > MAX_ARGUMENTS)
      throw badArguments(opcode, `${values.length} arguments; at most ${MAX_ARGUMENTS} travel`);
    for (let i = 0; i < MAX_ARGUMENTS; i++) {
      const value = i < values.length ? values[i] : 0;
      if (value === undefined || (value | 0) !== value)
        throw badArguments(opcode, `argument ${i + 1} is ${String(value)}`);
      this.file[2 + i] = value;
    }
  }

  /** Called by the iterators: the op leaves the program. */
  take(): void {
    if (!this.armed) throw this.#stale('was yielded a second time');
    this.armed = false;
    this.taken = true;
  }

  /** Forgets a half-built op after an error, so that the next program starts clean. */
  reset(): void {
    this.armed = false;
    this.taken = false;
    this.seals.built = 0;
    this.file.fill(0);
  }

  #stale(what: string): ShootdownError {
    const name = OPCODE_NAMES[this.file[0] ?? 0] ?? 'unknown';
    this.reset();
    return new ShootdownError(
      'STALE_OP',
      `The op cpu.${name}(…) ${what}. Build an op and yield it at once: yield* cpu.${name}(…).`,
      {
        details: { op: name },
      },
    );
  }
}

/** Signed or unsigned: bits of a mask may be written either way. */
function isInteger(value: number): boolean {
  return (value | 0) === value || value >>> 0 === value;
}

function badOperand(opcode: number, operands: readonly unknown[]): ShootdownError {
  const op = OPCODE_NAMES[opcode] ?? 'unknown';
  const wrong = operands.find((each) => !isInteger(each as number));
  const what = typeof wrong === 'number' ? String(wrong) : kindOf(wrong);
  const cure = 'Operands are 32-bit integers; the word of a record is told by its index: records.field(index)';
  return new ShootdownError('INVALID_OPERAND', `cpu.${op}(…) was given ${what}. ${cure}.`, { details: { op } });
}

/** What else than a number a program in plain JavaScript may have handed over. */
function kindOf(value: unknown): string {
  return value === undefined || value === null ? String(value) : `a ${typeof value}`;
}

function badArguments(opcode: number, what: string): ShootdownError {
  const name = OPCODE_NAMES[opcode] ?? 'call';
  return new ShootdownError(
    'INVALID_ARGUMENTS',
    `cpu.${name}(…) was given ${what}. Programs take at most ${MAX_ARGUMENTS} 32-bit integers.`,
    {
      details: { op: name },
    },
  );
}

/** What every iterator answers to its first `next`. The driver looks at `done` only. */
const YIELDED: IteratorYieldResult<Yielded> = { value: 0 as Yielded, done: false };

class NoResult implements Op<void>, Iterator<Yielded, void, number> {
  readonly #registers: Registers;
  readonly #finished: IteratorReturnResult<void> = { value: undefined, done: true };

  constructor(registers: Registers) {
    this.#registers = registers;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: number): IteratorResult<Yielded, void> {
    if (value !== undefined) return this.#finished;
    this.#registers.take();
    return YIELDED;
  }
}

class NumberResult implements Op<number>, Iterator<Yielded, number, number> {
  readonly #registers: Registers;
  readonly #finished: IteratorReturnResult<number> = { value: 0, done: true };

  constructor(registers: Registers) {
    this.#registers = registers;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: number): IteratorResult<Yielded, number> {
    if (value !== undefined) {
      this.#finished.value = value;
      return this.#finished;
    }
    this.#registers.take();
    return YIELDED;
  }
}

class BitResult implements Op<boolean>, Iterator<Yielded, boolean, number> {
  readonly #registers: Registers;
  readonly #finished: IteratorReturnResult<boolean> = { value: false, done: true };

  constructor(registers: Registers) {
    this.#registers = registers;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: number): IteratorResult<Yielded, boolean> {
    if (value !== undefined) {
      this.#finished.value = value !== 0;
      return this.#finished;
    }
    this.#registers.take();
    return YIELDED;
  }
}

class SealedResult implements Op<Sealed>, Iterator<Yielded, Sealed, number> {
  readonly #registers: Registers;

  constructor(registers: Registers) {
    this.#registers = registers;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: number): IteratorResult<Yielded, Sealed> {
    if (value !== undefined) return { value: this.#registers.seals.seal(value), done: true };
    this.#registers.take();
    return YIELDED;
  }
}
