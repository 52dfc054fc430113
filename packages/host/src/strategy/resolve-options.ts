import type { Manifest } from '@shootdown/plugin';
import { deepFreeze } from '../freeze.js';
import { describeError } from '../schema/describe-error.js';
import { compileSchema } from '../schema/schema-compiler.js';
import { refuse } from './plugin-error.js';

/** Options as a strategy receives them. */
export type ResolvedOptions = Readonly<Record<string, unknown>>;

type OptionsValidator = ReturnType<typeof compileSchema<ResolvedOptions>>;

/** Compiled validators by schema object: compiling takes milliseconds, and a comparison resolves the same options often. */
const validators = new WeakMap<object, OptionsValidator>();

function validatorOf(schema: object): OptionsValidator {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = compileSchema<ResolvedOptions>(schema);
  validators.set(schema, made);
  return made;
}

/**
 * The options with the defaults of the strategy's schema filled in, in a frozen copy. Defaults come from the schema only.
 * @throws ShootdownError INVALID_OPTIONS listing every error with its path and what would be right
 */
export function resolveOptions({ name, optionsSchema }: Manifest<object>, options: unknown): ResolvedOptions {
  const matches = validatorOf(optionsSchema);
  const copy = copyOf(options, name);
  if (matches(copy)) return deepFreeze(copy);
  const problems = (matches.errors ?? []).map((error) => describeError(error, 'the options'));
  throw refuse('INVALID_OPTIONS', name, problems);
}

/**
 * Checks an options schema itself.
 * @throws ShootdownError OPTIONS_SCHEMA when it does not compile, OPTIONS_DEFAULTS when a strategy without options would be refused
 */
export function checkOptionsSchema(strategy: string, schema: object): void {
  const matches = compiled(strategy, schema);
  if (matches({})) return;
  const problems = (matches.errors ?? []).map(
    (error) => `optionsSchema: by default, ${describeError(error, 'the options')}`,
  );
  throw refuse('OPTIONS_DEFAULTS', strategy, problems);
}

function compiled(strategy: string, schema: object): OptionsValidator {
  try {
    return validatorOf(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse('OPTIONS_SCHEMA', strategy, [`optionsSchema does not compile: ${reason}`]);
  }
}

function copyOf(options: unknown, name: string): unknown {
  try {
    return structuredClone(options);
  } catch (error) {
    throw refuse('INVALID_OPTIONS', name, [`the options must be JSON data: ${String(error)}`]);
  }
}
