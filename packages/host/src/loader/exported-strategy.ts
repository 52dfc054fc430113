import { types } from 'node:util';
import { ShootdownError, thrownText } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import { checkStrategy, isBranded } from '../strategy/check-strategy.js';

/**
 * The strategy that a module exports: its default export, or the only strategy among its exports. A strategy is known by its brand, whichever copy of
 * the contract package made it.
 *
 * @throws ShootdownError NOT_A_STRATEGY, SEVERAL_STRATEGIES, and what `checkStrategy` throws
 */
export function exportedStrategy(exports: object, place: string): Strategy {
  const named = entriesOf(exports, place);
  const main = named.find(([name]) => name === 'default')?.[1];
  if (isBranded(main)) return checkStrategy(main, place);
  const all = isNamespace(main) ? [...named, ...entriesOf(main, place)] : named;
  const found = new Map(all.filter(([, value]) => isBranded(value)).map(([name, value]) => [value, name]));
  const [only, ...more] = found.keys();
  if (more.length > 0) throw several(place, [...found.values()]);
  if (only !== undefined) return checkStrategy(only, place);
  throw none(place, named);
}

type Exports = readonly (readonly [name: string, value: unknown])[];

/** A CommonJS module is the default export of its namespace. */
function isNamespace(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !types.isProxy(value) && !Array.isArray(value);
}

/** Exports with their values. What CommonJS exports may be a getter. */
function entriesOf(exports: object, place: string): Exports {
  try {
    return Object.entries(exports);
  } catch (cause) {
    const text = `${place} has an export that cannot be read: ${thrownText(cause)}. Export values: export default strategy.`;
    throw new ShootdownError('NOT_A_STRATEGY', text, { details: { place, strategy: place } });
  }
}

function several(place: string, names: readonly string[]): ShootdownError {
  return new ShootdownError(
    'SEVERAL_STRATEGIES',
    `${place} exports ${names.length} strategies: ${names.join(', ')}. Export one of them as default, or each from a module of its own.`,
    { details: { place, strategy: place, exports: names } },
  );
}

function none(place: string, exports: Exports): ShootdownError {
  const names = exports.map(([name]) => name);
  const told = exports.map(([name, value]) => `${name} (${kindOf(value)})`);
  const what = names.length === 0 ? 'exports nothing' : `exports no strategy, only ${told.join(', ')}`;
  return new ShootdownError(
    'NOT_A_STRATEGY',
    `${place} ${what}. Export what defineStrategy({…}) of @shootdown/plugin returns: export default strategy.`,
    { details: { place, strategy: place, exports: names } },
  );
}

/** What an author may have exported in place of a strategy. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (types.isProxy(value)) return 'a Proxy';
  if (types.isPromise(value)) return 'a Promise';
  return Array.isArray(value) ? 'an array' : 'an object that defineStrategy did not make';
}
