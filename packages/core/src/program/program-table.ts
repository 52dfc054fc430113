import type { Boot, ProgramEntry } from '../boot/boot.js';
import { type ErrorCode, type ErrorDetails, ShootdownError } from '../errors.js';
import { Cpu } from './cpu.js';
import { KernelCpu } from './kernel-cpu.js';
import type { Program, Yielded } from './op.js';
import { Registers } from './registers.js';
import type { Sealed } from './sealed.js';
import { thrownCode, thrownCure } from '../thrown-code.js';
import { thrownText } from '../thrown-text.js';
import type { WordLists } from './word-lists.js';

/** One resumption of a program: it yielded (its op lies in `registers.file`), or it returned. */
export type ProgramStep = IteratorResult<number, number | void>;

/**
 * `next` of every native generator, loaded once: each generator function has a prototype of its own, so looking `next` up on a
 * generator at every op is a look-up that no inline cache serves.
 */
const resume: Program<number | void>['next'] = delegate([]).next;

function* delegate(steps: Iterable<Yielded, number | void, number>): Program<number | void> {
  return yield* steps;
}

/** The program itself when it is a native generator, else a native one around it. */
function resumable(program: Program<number | void>): Program<number | void> {
  return program.next === resume ? program : delegate(program);
}

/** The registered programs as generators: starts them, resumes them, and refuses what is not one op at a time. */
export class ProgramTable {
  /** Operands of the op that the last resumption yielded. */
  readonly registers: Registers = new Registers();
  readonly entries: readonly ProgramEntry[];
  readonly #views: readonly KernelCpu[];
  readonly #plainViews: readonly Cpu[];

  constructor(boot: Boot, lists: WordLists) {
    this.entries = boot.programs;
    const ids = Array.from({ length: boot.shape.cpuCount }, (_, id) => id);
    this.#views = ids.map((id) => new KernelCpu(id, this.registers, lists));
    this.#plainViews = ids.map((id) => new Cpu(id, this.registers, lists));
  }

  /** A fresh generator of the program, with six arguments. Only the kernel's programs see the kernel's ops. */
  open(program: number, cpu: number, given: readonly number[]): Program<number | void> {
    const entry = this.entries[program];
    if (entry === undefined) throw new ShootdownError('INTERNAL', `No program ${program}.`);
    const view = entry.owner === 'kernel' ? this.#views[cpu] : this.#plainViews[cpu];
    const { sealedArgument } = entry;
    if (sealedArgument < 0) return resumable(entry.run(view as KernelCpu, ...given));
    const args: (number | Sealed)[] = [...given];
    args[sealedArgument] = this.registers.seals.seal(given[sealedArgument] as number);
    return resumable(entry.run(view as KernelCpu, ...args));
  }

  /**
   * Resumes a generator of `program` with a result; its first resumption ignores the value.
   * Throws STALE_OP, NOT_AN_OP, or the program's own error with the program's name.
   */
  step(generator: Program<number | void>, program: number, cpu: number, value: number): ProgramStep {
    const registers = this.registers;
    registers.taken = false;
    let result: ProgramStep;
    try {
      result = resume.call(generator, value);
    } catch (cause) {
      throw this.#programError(program, cpu, cause);
    }
    if (result.done === true ? registers.armed : !registers.taken)
      throw this.#notAnOp(program, cpu, result.done === true);
    return result;
  }

  /** The integer that a returned program hands to its caller; nothing counts as 0. */
  resultOf(program: number, cpu: number, value: number | void): number {
    const result = value ?? 0;
    if ((result | 0) === result) return result;
    throw this.#misuse(
      'INVALID_ARGUMENTS',
      program,
      cpu,
      `returned ${String(value)}. Programs return 32-bit integers or nothing.`,
    );
  }

  /** NONDETERMINISM: a program that memory served did something else when it was run. */
  unrepeatable(program: number, cpu: number): ShootdownError {
    const what =
      'did something else when it was run again with the same arguments and results. Keep all state in machine words.';
    return this.#misuse('NONDETERMINISM', program, cpu, what);
  }

  /** INTERNAL: what the first op is has to follow from the arguments that are not sealed. */
  comparesAtOnce(program: number, cpu: number): ShootdownError {
    return this.#misuse('INTERNAL', program, cpu, 'compares sealed values before its first op.');
  }

  /** CONTROL_LOOP: calls without end. */
  controlLoop(program: number, cpu: number, transfers: number): ShootdownError {
    const what = `made ${transfers} calls in a row without a micro-op. A loop must contain an op that takes time.`;
    return this.#misuse('CONTROL_LOOP', program, cpu, what);
  }

  /** CALL_DEPTH; `stack` holds the nested programs, bottom first. */
  tooDeep(stack: readonly number[], cpu: number): ShootdownError {
    const names = stack.map((index) => this.entries[index]?.name ?? '?');
    const what = `is called above ${stack.length} nested programs: ${names.join(' → ')}. Use become for loops.`;
    return this.#misuse('CALL_DEPTH', stack.at(-1) ?? 0, cpu, what);
  }

  /** How messages name a program; CPU -1 leaves the CPU out. */
  place(program: number, cpu: number): string {
    const entry = this.entries[program];
    return `Program '${entry?.name ?? '?'}' of ${entry?.owner ?? '?'}${cpu < 0 ? '' : ` on CPU ${cpu}`}`;
  }

  #notAnOp(program: number, cpu: number, returned: boolean): ShootdownError {
    this.registers.reset();
    if (returned)
      return this.#misuse(
        'STALE_OP',
        program,
        cpu,
        'built an op and returned without yielding it. Use yield* on every op.',
      );
    return this.#misuse(
      'NOT_AN_OP',
      program,
      cpu,
      'yielded a value that is not a micro-op. Yield only ops of its cpu: yield* cpu.load(word).',
    );
  }

  #programError(program: number, cpu: number, cause: unknown): ShootdownError {
    this.registers.reset();
    const details = this.#details(program, cpu);
    if (cause instanceof ShootdownError)
      return new ShootdownError(cause.code, `${this.place(program, cpu)}: ${cause.message}`, {
        details: { ...cause.details, ...details },
        cause,
      });
    const code = thrownCode(cause);
    const text = `${this.place(program, cpu)} threw: ${thrownText(cause)}${thrownCure(code)}`;
    return new ShootdownError(code, text, { details, cause });
  }

  #misuse(code: ErrorCode, program: number, cpu: number, what: string): ShootdownError {
    return new ShootdownError(code, `${this.place(program, cpu)} ${what}`, { details: this.#details(program, cpu) });
  }

  #details(program: number, cpu: number): ErrorDetails {
    const { name, owner } = this.entries[program] as ProgramEntry;
    return { program: name, strategy: owner, cpu };
  }
}
