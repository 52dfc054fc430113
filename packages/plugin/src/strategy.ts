import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Env } from './env.js';
import type { Hooks } from './hooks.js';
import { API_VERSION, type Manifest } from './manifest.js';

/** Marks a strategy, whichever copy of this package made it. Its value is the contract version. */
export const STRATEGY_BRAND: unique symbol = Symbol.for('@shootdown/plugin/strategy');

/** Options as `create` receives them: validated, frozen, defaults filled in. Deferred, so that only strategies pay for it. */
export type OptionsOf<Schema> = Schema extends JSONSchema ? Readonly<FromSchema<Schema>> : never;

/** Hooks without any that the contract does not know: a misspelt one is a type error here and INVALID_MANIFEST at boot. */
export type OnlyHooks<Given extends Hooks> = Given & { readonly [Unknown in Exclude<keyof Given, keyof Hooks>]: never };

/** What an author writes. */
export interface StrategyDefinition<Schema extends object, Given extends Hooks = Hooks> extends Manifest<Schema> {
  /**
   * Allocates words, registers programs and returns the hooks. Runs once per machine. All memory that a program
   * keeps is in words: variables shared between programs are refused as SHARED_STATE.
   */
  create(env: Env, options: OptionsOf<Schema>): OnlyHooks<Given>;
}

/** A strategy with its option types erased, so that many fit in one list. Only `defineStrategy` makes one. */
export interface Strategy extends Manifest<object> {
  readonly [STRATEGY_BRAND]: typeof API_VERSION;
  /** The host validates the options against `optionsSchema` first. */
  create(env: Env, options: never): Hooks;
}

/** Brands the definition and returns the same object. Throws a TypeError when the object is frozen. */
export function defineStrategy<const Schema extends object, Given extends Hooks>(
  definition: StrategyDefinition<Schema, Given>,
): Strategy {
  return Object.assign(definition, { [STRATEGY_BRAND]: API_VERSION } as const);
}
