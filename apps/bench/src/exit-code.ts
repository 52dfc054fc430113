import { ERROR_CODES, ShootdownError } from '@shootdown/core';
import type { ResultDocument } from '@shootdown/reporter';

/** Exit code of a process that the user interrupted: 128 + SIGINT. */
export const INTERRUPTED = 130;

export const CONTRACT_VIOLATED = 4;
/** Something that must hold does not. */
export const GATE_FAILED = 5;
const INTERNAL = 1;

/** When several codes apply, the one that stands first: unsafe before nondeterministic before broken before slow. */
const PRECEDENCE = [CONTRACT_VIOLATED, 7, 3, GATE_FAILED, 6, 2, INTERNAL] as const;

/** The exit code that a result stands for. An unsafe row counts unless it was allowed. */
export function exitCodeOf({ rows }: ResultDocument, allowUnsafe: boolean): number {
  const codes = rows.map((row): number => {
    if (row.status === 'failed') return ERROR_CODES[row.error.code].exitCode;
    return row.safety.verdict === 'violated' && !allowUnsafe ? CONTRACT_VIOLATED : 0;
  });
  return worstOf(codes);
}

/** The code that stands for several: 0 when none applies. */
export function worstOf(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? 0;
}

/** The exit code of a command that an error ended. What nobody raised on purpose is internal. */
export function exitCodeOfError(error: unknown): number {
  return error instanceof ShootdownError ? error.exitCode : INTERNAL;
}
