import { ShootdownError } from '@shootdown/core';
import type { CellError } from '@shootdown/reporter';

/** Exit codes of what a strategy can do wrong: refused or failed, and not the same twice. */
const FAULTS: readonly number[] = [3, 7];

/** Whether an error is the strategy's, or that of a machine which lacks what it needs: the other rows of a comparison still make sense. */
export function isStrategyFault(error: unknown): error is ShootdownError {
  if (!(error instanceof ShootdownError)) return false;
  return FAULTS.includes(error.exitCode) || error.code === 'MISSING_HARDWARE';
}

/** The error of a failed row: what happened, and where in the strategy. */
export function cellError(strategy: string, { code, message, details }: ShootdownError): CellError {
  const places = (['hook', 'program', 'op'] as const).flatMap((place) => {
    const name = details[place];
    return typeof name === 'string' ? [[place, name] as const] : [];
  });
  return { code, strategy, ...Object.fromEntries(places), message };
}
