import type { Env, Hooks, Strategy } from '@shootdown/plugin';
import { areHooks, HOOK_NAMES } from '@shootdown/host';
import type { Place, Pulse } from './pulse.js';

type Start = (...inputs: never[]) => unknown;

/** The strategy, which tells the pulse whenever one of its hooks begins. It does nothing else otherwise. */
export function watchedStrategy(strategy: Strategy, pulse: Pulse): Strategy {
  const create = (env: Env, options: never): Hooks => {
    pulse.enter('create');
    const hooks = strategy.create(env, options);
    return areHooks(hooks) ? watchedHooks(hooks, pulse) : hooks;
  };
  return Object.freeze({ ...strategy, create });
}

function watchedHooks(hooks: Hooks, pulse: Pulse): Hooks {
  const known = HOOK_NAMES.filter((name) => hooks[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, watched(hooks[name], name, pulse)])) as object as Hooks;
}

/** A hook, or a record of hooks: handlers by vector, threads by name. */
function watched(value: unknown, place: Place, pulse: Pulse): unknown {
  if (typeof value === 'function') return watchedStart(value as Start, place, pulse);
  const inner = Object.entries(value as object).map(([name, each]) => [name, watched(each, place, pulse)]);
  return Object.fromEntries(inner);
}

function watchedStart(start: Start, place: Place, pulse: Pulse): Start {
  const begin = (...inputs: never[]): unknown => {
    pulse.enter(place);
    return start(...inputs);
  };
  // It makes what the hook makes, so it goes for a generator function where the hook is one.
  const tag = (start as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  return Object.defineProperty(begin, Symbol.toStringTag, { value: tag });
}
