import { type ErrorCode, ShootdownError, thrownCode, thrownCure, thrownText } from '@shootdown/core';

/** Refusal of a strategy: names it, the places inside it and what would be right; `hook` is what was run, if anything was. */
export function refuse(code: ErrorCode, strategy: string, problems: readonly string[], hook?: string): ShootdownError {
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  return new ShootdownError(code, `Strategy '${strategy}' is refused; correct these places:\n${lines}`, {
    details: { strategy, problems, ...(hook === undefined ? {} : { hook }) },
  });
}

/**
 * What a strategy threw in a hook. An error of the laboratory keeps its code, so that its cure stays visible;
 * anything else is CHANGED_INPUT or PLUGIN_THREW.
 */
export function thrownIn(strategy: string, hook: string, cause: unknown): ShootdownError {
  const place = `Strategy '${strategy}' in ${hook}()`;
  const details = { strategy, hook };
  if (cause instanceof ShootdownError)
    return new ShootdownError(cause.code, `${place}: ${cause.message}`, { details, cause });
  const code = thrownCode(cause);
  return new ShootdownError(code, `${place} threw: ${thrownText(cause)}${thrownCure(code)}`, { details, cause });
}
