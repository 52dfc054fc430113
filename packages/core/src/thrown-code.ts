import type { ErrorCode } from './errors.js';

/** What V8 says when strict code writes to a frozen object, adds to it or deletes from it. */
const FROZEN =
  /^Cannot (assign to read only property|add property .*, object is not extensible|delete property|redefine property|define property)/;

/** The code of something that a strategy threw and that is no error of the laboratory: inputs are frozen, so that changing them throws. */
export function thrownCode(cause: unknown): ErrorCode {
  return cause instanceof TypeError && FROZEN.test(cause.message) ? 'CHANGED_INPUT' : 'PLUGIN_THREW';
}

/** What is right instead, as the end of a sentence. */
export function thrownCure(code: ErrorCode): string {
  return code === 'CHANGED_INPUT' ? ' What a strategy is handed is frozen; copy what you want to change.' : '';
}
