import { ShootdownError } from '@shootdown/core';
import { terminalText } from '@shootdown/reporter';
import { exitCodeOfError } from '../exit-code.js';

/** An error for a person: its code, its exit code, what is wrong and what would be right. Only an internal error shows its stack. */
export function errorText(error: unknown): string {
  const code = error instanceof ShootdownError ? error.code : 'INTERNAL';
  const lines = messageOf(error).split('\n');
  const [first = '', ...rest] = lines;
  const head = `error ${code} (exit ${exitCodeOfError(error)}): ${first}`;
  return [head, ...rest, ...causes(error), ...stack(error)].map((line) => `${terminalText(line)}\n`).join('');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function causes(error: unknown): string[] {
  if (!(error instanceof Error) || error.cause === undefined) return [];
  const indented = messageOf(error.cause)
    .split('\n')
    .map((line) => `  ${line}`);
  return ['  caused by:', ...indented, ...causes(error.cause)];
}

function stack(error: unknown): string[] {
  if (!(error instanceof Error) || (error instanceof ShootdownError && error.code !== 'INTERNAL')) return [];
  return (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
}
