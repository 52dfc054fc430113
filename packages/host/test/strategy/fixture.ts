import type { Env, Hooks, Strategy } from '@shootdown/plugin';
import { defineStrategy, STRATEGY_BRAND } from '@shootdown/plugin';
import { type ErrorCode, ShootdownError } from '@shootdown/core';

/** A strategy as a stranger might hand it in: any field may be replaced by something wrong. */
export function strategyWith(changes: Readonly<Record<string, unknown>>): Strategy {
  return { ...plain, ...changes } as Strategy;
}

/** A small, correct strategy with one option of each sort. */
export const plain: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'plain',
  title: 'Plain',
  summary: 'Flushes here and nowhere else.',
  references: ['a test'],
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ack: { enum: ['early', 'late'], default: 'early' },
      retries: { type: 'integer', minimum: 0, default: 3 },
      lists: {
        type: 'object',
        additionalProperties: false,
        default: {},
        properties: { pages: { type: 'integer', default: 4 } },
      },
    },
  },
  create: () => ({ *flush() {} }),
});

const { [STRATEGY_BRAND]: _brand, ...unbranded } = plain;

/** The same without its brand, as `defineStrategy` receives it. */
export const definition: object = unbranded;

/** What another copy of the contract package makes: the same brand, from its own `Symbol.for`. */
export function fromAnotherCopy(brand: string, version: unknown): unknown {
  return { ...definition, [Symbol.for(brand)]: version };
}

/** A strategy that returns these hooks, right or wrong. */
export function returning(hooks: unknown): Strategy {
  return strategyWith({ create: () => hooks as Hooks });
}

/** Boot-time services for strategies that ask for nothing. */
export const noEnv: Env = { features: { pcid: true } } as Env;

/** The coded error that an action ends with. */
export function refusal(action: () => unknown): ShootdownError & { readonly code: ErrorCode } {
  try {
    action();
  } catch (error) {
    if (error instanceof ShootdownError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
