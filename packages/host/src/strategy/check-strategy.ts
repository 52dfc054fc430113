import { types } from 'node:util';
import { ShootdownError } from '@shootdown/core';
import { API_VERSION, NAME_PATTERN, type Strategy, STRATEGY_BRAND } from '@shootdown/plugin';
import { dataProblem } from '../schema/data-problem.js';
import { describeError } from '../schema/describe-error.js';
import { compileSchema } from '../schema/schema-compiler.js';
import { manifestSchema } from './manifest-schema.js';
import { checkOptionsSchema } from './resolve-options.js';
import { refuse } from './plugin-error.js';

const NAME = new RegExp(NAME_PATTERN);
const matchesManifest = compileSchema<object>(manifestSchema);

/**
 * Checks that a value is a strategy of this contract version with a sound manifest. `place` is where it came from, for
 * the message. Two copies of the contract package brand alike, so a strategy may bring its own.
 *
 * @throws ShootdownError NOT_A_STRATEGY, PLUGIN_COPY, API_VERSION, INVALID_MANIFEST, OPTIONS_SCHEMA or OPTIONS_DEFAULTS; the
 * last three list every problem
 */
export function checkStrategy(value: unknown, place: string): Strategy {
  if (!isBranded(value)) {
    throw new ShootdownError(
      'NOT_A_STRATEGY',
      `${place} is no strategy. Export what defineStrategy({…}) of @shootdown/plugin returns.`,
      { details: { place } },
    );
  }
  const name = nameOf(value, place);
  checkData(value, name);
  checkVersion(value, name);
  const problems = manifestProblems(value);
  if (problems.length > 0) throw refuse('INVALID_MANIFEST', name, problems);
  checkOptionsSchema(name, value['optionsSchema'] as object);
  return value as Branded & Strategy;
}

/** What `defineStrategy` of any copy of the contract package, of any version, has made. */
export type Branded = { readonly [key: string]: unknown; readonly [STRATEGY_BRAND]: unknown };

/** Whether a value bears the brand: never `instanceof`, for there may be several copies of the contract package. */
export function isBranded(value: unknown): value is Branded {
  return typeof value === 'object' && value !== null && !types.isProxy(value) && Object.hasOwn(value, STRATEGY_BRAND);
}

/** How messages call the strategy: by its place where its name is none, for that may be of any length and any characters. */
function nameOf(value: Branded, place: string): string {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && NAME.test(name) ? name : place;
}

/** A manifest is data, so that reading it runs no code of the strategy and tells everybody the same. */
function checkData(value: Branded, name: string): void {
  const { create, [STRATEGY_BRAND]: brand, ...descriptors } = Object.getOwnPropertyDescriptors(value);
  const getter = Object.entries({ ...descriptors, create, brand }).find(([, each]) => each?.get !== undefined);
  if (getter !== undefined) throw refuse('INVALID_MANIFEST', name, [`${getter[0]} is a getter; write the value.`]);
  const problem = dataProblem(Object.defineProperties({}, descriptors));
  if (problem === undefined) return;
  const isOption = problem.path[0] === 'optionsSchema';
  const text = `${problem.path.join('.')} ${problem.what}; a manifest is JSON data.`;
  throw refuse(isOption ? 'OPTIONS_SCHEMA' : 'INVALID_MANIFEST', name, [text]);
}

/** The brand and the manifest both state the version: the brand what the package was, the manifest what the author meant. */
function checkVersion(value: Branded, name: string): void {
  const [made, written] = [value[STRATEGY_BRAND], value['apiVersion']];
  const details = { strategy: name, expected: API_VERSION };
  if (made !== API_VERSION)
    throw new ShootdownError(
      'PLUGIN_COPY',
      `Strategy '${name}' was made by a copy of @shootdown/plugin of contract version ${String(made)}; this laboratory speaks ` +
        `${API_VERSION}. Make @shootdown/plugin a peer dependency of the strategy's package, so that one copy is installed; ` +
        '`npm ls @shootdown/plugin` lists the copies.',
      { details },
    );
  if (written === API_VERSION) return;
  throw new ShootdownError(
    'API_VERSION',
    `Strategy '${name}' was written for contract version ${String(written)}; this laboratory speaks ${API_VERSION}. ` +
      `Set apiVersion to ${API_VERSION} and use @shootdown/plugin of that version.`,
    { details },
  );
}

function manifestProblems(value: Branded): readonly string[] {
  const { create, ...manifest } = value;
  const problems = typeof create === 'function' ? [] : ['create must be a function (env, options) => hooks.'];
  if (!matchesManifest(manifest))
    problems.push(...(matchesManifest.errors ?? []).map((error) => describeError(error, 'the manifest')));
  return problems;
}
