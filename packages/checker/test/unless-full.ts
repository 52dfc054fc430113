import { ShootdownError } from '@shootdown/core';

/** What is found, unless a page comes to have more translations than the saturated walker keeps: no kernel has such a program. */
export function unlessFull<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ShootdownError && error.code === 'TRANSLATION_SET_FULL') return undefined;
    throw error;
  }
}
