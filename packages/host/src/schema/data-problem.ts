import { types } from 'node:util';

/** Where a value is no JSON data, from its root on, and what stands there. */
export interface DataProblem {
  readonly path: readonly string[];
  /** As the end of a sentence: `is a function`. */
  readonly what: string;
}

/** No schema is written deeper; recursion over one that is would run out of stack. */
const DEEPEST = 64;

/**
 * The first place where a value is no JSON data, or undefined: somebody may read data any number of times and finds the same, and reading it runs
 * no code. Members that are undefined count as left out.
 */
export function dataProblem(value: unknown): DataProblem | undefined {
  return problemAt(value, [], new Set());
}

function problemAt(value: unknown, path: readonly string[], above: Set<object>): DataProblem | undefined {
  const what = wrongKind(value) ?? (typeof value === 'object' && value !== null && wrongPlace(value, path, above));
  if (typeof what === 'string') return { path, what };
  if (typeof value !== 'object' || value === null) return undefined;
  above.add(value);
  const found = firstIn(value, path, above);
  above.delete(value);
  return found;
}

function firstIn(value: object, path: readonly string[], above: Set<object>): DataProblem | undefined {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const place = [...path, name];
    if (name === '__proto__') return { path: place, what: 'is a name that JavaScript keeps for itself' };
    if (!('value' in descriptor)) return { path: place, what: 'is a getter' };
    const found = problemAt(descriptor.value, place, above);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongKind(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `is ${value}`;
  if (typeof value !== 'object') return isScalar(value) ? undefined : `is a ${typeof value}`;
  if (types.isProxy(value)) return 'is a Proxy';
  return value === null || isPlain(value) ? undefined : 'is no plain object';
}

function isScalar(value: unknown): boolean {
  return value === undefined || typeof value === 'string' || typeof value === 'boolean';
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

function wrongPlace(value: object, path: readonly string[], above: Set<object>): string | undefined {
  if (above.has(value)) return 'holds itself';
  return path.length > DEEPEST ? `lies deeper than ${DEEPEST} levels` : undefined;
}
