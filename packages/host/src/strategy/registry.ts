import { ShootdownError } from '@shootdown/core';
import type { Env, Hooks, Strategy } from '@shootdown/plugin';
import { deepFreeze } from '../freeze.js';
import { suggestion } from '../suggestion.js';
import { checkStrategy } from './check-strategy.js';
import { createStrategy } from './create-strategy.js';

/** The strategies that are loaded, in the order in which they were given. */
export interface Registry {
  readonly strategies: readonly Strategy[];
  /** @throws ShootdownError UNKNOWN_STRATEGY with the nearest name */
  readonly find: (name: string) => Strategy;
}

/**
 * A registry of checked strategies. Each one's `create` is guarded by `createStrategy`: whoever calls it, a kernel that
 * boots for example, may pass options as they were given or none, and gets hooks that have been checked.
 *
 * @throws ShootdownError NOT_A_STRATEGY, API_VERSION, INVALID_MANIFEST or DUPLICATE_NAME
 */
export function createRegistry(values: readonly unknown[]): Registry {
  const byName = new Map<string, Strategy>();
  values.forEach((value, index) => {
    const strategy = checkStrategy(value, `Strategy ${index + 1} of the list`);
    const other = byName.get(strategy.name);
    if (other !== undefined) throw duplicate(strategy, other);
    byName.set(strategy.name, guarded(strategy));
  });
  const strategies = Object.freeze([...byName.values()]);
  return {
    strategies,
    find: (name) => {
      const found = byName.get(name);
      if (found !== undefined) return found;
      const known = [...byName.keys()];
      const message = `No strategy is named "${name}".${suggestion(name, known)}`;
      throw new ShootdownError('UNKNOWN_STRATEGY', message, { details: { name, known } });
    },
  };
}

/** What each guarded strategy was made of. */
const originals = new WeakMap<Strategy, Strategy>();

function guarded(strategy: Strategy): Strategy {
  const create = (env: Env, options: never): Hooks => createStrategy(strategy, env, options);
  const made = deepFreeze({ ...strategy, create });
  originals.set(made, strategy);
  return made;
}

/** The strategy as its author wrote it: of one that a registry gave out, what that was made of. */
export function unguarded(strategy: Strategy): Strategy {
  return originals.get(strategy) ?? strategy;
}

function duplicate({ name, title }: Strategy, other: Strategy): ShootdownError {
  return new ShootdownError(
    'DUPLICATE_NAME',
    `Two strategies are named '${name}': "${other.title}" and "${title}". Rename one of them.`,
    { details: { name } },
  );
}
