import { ShootdownError } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import { checkStrategy, isBranded } from '../strategy/check-strategy.js';

/**
 * The strategy that a module exports: its default export, or the only strategy among its exports. A strategy is known by its brand, whichever copy of
 * the contract package made it.
 *
 * @throws ShootdownError NOT_A_STRATEGY, SEVERAL_STRATEGIES, and what `checkStrategy` throws
 */
export function exportedStrategy(exports: object, place: string): Strategy {
  const named = entriesOf(exports);
  const main = named.find(([name]) => name === 'default')?.[1];
  if (isBranded(main)) return checkStrategy(main, place);
  // A CommonJS module is the default export of its namespace.
  const all = isObject(main) ? [...named, ...entriesOf(main)] : named;
  const found = new Map(all.filter(([, value]) => isBranded(value)).map(([name, value]) => [value, name]));
  const [only, ...more] = found.keys();
  if (more.length > 0) throw several(place, [...found.values()]);
  if (only !== undefined) return checkStrategy(only, place);
  throw none(
    place,
    named.map(([name]) => name),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Exports with their values. */
function entriesOf(exports: object): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(exports);
}

function several(place: string, names: readonly string[]): ShootdownError {
  return new ShootdownError(
    'SEVERAL_STRATEGIES',
    `${place} exports ${names.length} strategies: ${names.join(', ')}. Export one of them as default, or each from a module of its own.`,
    { details: { place, strategy: place, exports: names } },
  );
}

function none(place: string, names: readonly string[]): ShootdownError {
  const what = names.length === 0 ? 'exports nothing' : `exports no strategy, only ${names.join(', ')}`;
  return new ShootdownError(
    'NOT_A_STRATEGY',
    `${place} ${what}. Export what defineStrategy({…}) of @shootdown/plugin returns: export default strategy.`,
    { details: { place, strategy: place, exports: names } },
  );
}
