import type { ProgramEntry } from '../boot/boot.js';
import { ShootdownError } from '../errors.js';
import type { Machine } from './machine.js';

/** The innermost program of a strategy that a context is in, or its innermost program when no strategy is involved. */
export function programIn(machine: Machine, context: number): ProgramEntry | undefined {
  if (context < 0) return undefined;
  const stack = machine.runner.stack(context).map((index) => machine.boot.programs[index]);
  return stack.findLast((entry) => entry !== undefined && entry.owner !== 'kernel') ?? stack.at(-1);
}

/** The error of an op with the program that yielded it in its message and details; one that names a program already is kept. */
export function inProgram(machine: Machine, cpu: number, error: unknown): unknown {
  if (!(error instanceof ShootdownError) || error.details['program'] !== undefined) return error;
  const entry = programIn(machine, machine.top(cpu));
  if (entry === undefined) return error;
  const details = { ...error.details, program: entry.name, strategy: entry.owner, cpu };
  const message = `Program '${entry.name}' of ${entry.owner} on CPU ${cpu}: ${error.message}`;
  return new ShootdownError(error.code, message, { details, cause: error });
}
