import { ShootdownError } from '@shootdown/core';
import { createStrategy } from '@shootdown/host';
import type { Env } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import { noEnv, plain, refusal, returning, strategyWith } from './fixture.js';

function* program(): Generator<never, void, number> {}

describe('createStrategy', () => {
  it('returns the hooks, frozen', () => {
    const hooks = createStrategy(plain, noEnv, {});
    expect(Object.keys(hooks)).toEqual(['flush']);
    expect(Object.isFrozen(hooks)).toBe(true);
  });

  it('takes the defaults when no options are given', () => {
    const seen: unknown[] = [];
    const create = (_env: unknown, options: unknown): object => {
      seen.push(options);
      return { flush: program };
    };
    createStrategy(strategyWith({ create }), noEnv);
    expect(seen).toEqual([{ ack: 'early', retries: 3, lists: { pages: 4 } }]);
  });

  it('hands in frozen services and frozen options', () => {
    const inputs: unknown[] = [];
    const nextGeneration = { name: 'nextGeneration', index: 0 };
    const env: Env = { ...noEnv, kernel: { nextGeneration } as Env['kernel'] };
    const create = (given: unknown, options: unknown): object => {
      inputs.push(given, options);
      return { flush: program };
    };
    createStrategy(strategyWith({ create }), env, {});
    expect(inputs).toEqual([env, { ack: 'early', retries: 3, lists: { pages: 4 } }]);
    expect(inputs.every((input) => Object.isFrozen(input))).toBe(true);
    expect(Object.isFrozen(nextGeneration)).toBe(true);
  });

  it('turns an attempt to keep something in the inputs into a coded error', () => {
    const create = (env: { memory?: number }): object => {
      env.memory = 1;
      return { flush: program };
    };
    const error = refusal(() => createStrategy(strategyWith({ create }), noEnv, {}));
    expect(error.code).toBe('CHANGED_INPUT');
    expect(error.message).toMatch(/^Strategy 'plain' in create\(\) threw: TypeError: Cannot add property memory/);
  });

  it.each([
    ['an error', new RangeError('too far'), /threw: RangeError: too far/],
    ['a text', 'no', /threw: no/],
  ])('wraps %s that create throws', (_what, thrown, message) => {
    const create = (): never => {
      throw thrown;
    };
    const error = refusal(() => createStrategy(strategyWith({ create }), noEnv, {}));
    expect(error.code).toBe('PLUGIN_THREW');
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(message);
    expect(error.details).toEqual({ strategy: 'plain', hook: 'create' });
    expect(error.cause).toBe(thrown);
  });

  it('keeps the code of an error of the laboratory', () => {
    const create = (): never => {
      throw new ShootdownError('INVALID_OPERAND', 'Stride 1 is below the 2 fields.');
    };
    const error = refusal(() => createStrategy(strategyWith({ create }), noEnv, {}));
    expect(error.code).toBe('INVALID_OPERAND');
    expect(error.message).toBe("Strategy 'plain' in create(): Stride 1 is below the 2 fields.");
  });

  it('refuses options before it runs anything', () => {
    const create = (): never => {
      throw new Error('create ran');
    };
    expect(refusal(() => createStrategy(strategyWith({ create }), noEnv, { ack: 1 })).code).toBe('INVALID_OPTIONS');
  });
});

describe('hooks', () => {
  it('of every sort are accepted', () => {
    const wake = (): number => 0;
    const hooks = {
      flush: program,
      tick: program,
      handlers: { 'early-ack': program },
      threads: { sweeper: { wake, run: program } },
      mayAccessUser: undefined,
    };
    expect(createStrategy(returning(hooks), noEnv, {})).toBe(hooks);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /create\(\) must return an object of hooks/],
    ['an instance of a class', new (class Hooks {})(), /create\(\) must return an object of hooks/],
    ['a promise', Promise.resolve({}), /create\(\) must return an object of hooks/],
    ['a Proxy', new Proxy({ flush: program }, {}), /create\(\) must return an object of hooks/],
    [
      'a getter',
      {
        get flush() {
          return program;
        },
      },
      /flush is a getter; return the hook itself/,
    ],
    ['no flush', { tick: program }, /create\(\) returned no flush/],
    ['an unknown hook', { flush: program, tik: program }, /returned 'tik', which is no hook\. Did you mean tick\?/],
    ['an ordinary function', { flush: () => undefined }, /flush must be a generator function: \*flush\(cpu, …\)/],
    ['an async function', { flush: async () => undefined }, /flush must be a generator function/],
    ['an async generator', { async *flush() {} }, /flush must be a generator function/],
    ['a handler that is none', { flush: program, handlers: { x: 1 } }, /handlers\.x must be a generator function/],
    ['handlers in a list', { flush: program, handlers: [program] }, /handlers must be an object/],
    ['a thread without a wake word', { flush: program, threads: { s: { run: program } } }, /threads\.s\.wake must be/],
    ['a thread that does nothing', { flush: program, threads: { s: { wake: () => 0 } } }, /threads\.s\.run must be/],
    ['a thread that is a program', { flush: program, threads: { s: program } }, /threads\.s\.wake must be/],
  ])('are refused: %s', (_what, hooks, message) => {
    const error = refusal(() => createStrategy(returning(hooks), noEnv, {}));
    expect(error.code).toBe('INVALID_MANIFEST');
    expect(error.message).toMatch(/^Strategy 'plain' is refused/);
    expect(error.message).toMatch(message);
  });
});
