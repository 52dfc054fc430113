import type { Env, Hooks, Strategy } from '@shootdown/plugin';
import { deepFreeze } from '../freeze.js';
import { checkHooks } from './check-hooks.js';
import { thrownIn } from './plugin-error.js';
import { resolveOptions } from './resolve-options.js';

/**
 * Runs a strategy's `create()` on frozen inputs: the boot-time services and its own options, resolved.
 *
 * @throws ShootdownError INVALID_OPTIONS, PLUGIN_THREW, CHANGED_INPUT (or the code of the error it met) naming the strategy and `create`,
 * INVALID_MANIFEST when what it returned are no hooks
 */
export function createStrategy(strategy: Strategy, env: Env, options: unknown = {}): Hooks {
  const resolved = resolveOptions(strategy, options);
  let hooks: unknown;
  try {
    hooks = strategy.create(deepFreeze(env), resolved as never);
  } catch (cause) {
    throw thrownIn(strategy.name, 'create', cause);
  }
  return checkHooks(hooks, strategy.name);
}
