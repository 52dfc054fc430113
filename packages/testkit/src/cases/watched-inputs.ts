import { areHooks } from '@shootdown/host';
import type { Env, FlushRequest, Hooks, Strategy } from '@shootdown/plugin';

/** A strategy whose inputs tell when it tries to change them: a frozen object is silent where code is not strict, or where the error is caught. */
export interface WatchedInputs {
  readonly strategy: Strategy;
  /** What it tried to change, as `env.cpuCount`. */
  readonly attempts: readonly string[];
}

/** `watched` is not guarded, for the guard freezes what it hands over. */
export function watchedInputs(watched: Strategy): WatchedInputs {
  const attempts: string[] = [];
  const strategy: Strategy = {
    ...watched,
    create(env: Env, options: never): Hooks {
      const hooks = watched.create(watch(env, 'env', attempts), watch<never>(options, 'options', attempts));
      if (!areHooks(hooks)) return hooks;
      return {
        ...hooks,
        *flush(cpu, request) {
          yield* hooks.flush(cpu, watch<FlushRequest>(request, 'request', attempts));
        },
      };
    },
  };
  return { strategy, attempts };
}

/** Reads go through, members that are plain objects included; every change is noted, and refused as by a frozen object. */
function watch<T extends object>(value: T, path: string, attempts: string[]): T {
  const refuse = (_: unknown, key: PropertyKey): boolean => {
    attempts.push(`${path}.${String(key)}`);
    return false;
  };
  return new Proxy<T>(
    // A copy, because a proxy of a frozen object must answer with what that holds, and could not watch it.
    { ...value },
    {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        return isPlain(member) ? watch(member, `${path}.${String(key)}`, attempts) : member;
      },
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
    },
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
