import { ShootdownError } from '@shootdown/core';
import { API_VERSION, type Strategy, STRATEGY_BRAND } from '@shootdown/plugin';
import { describeError } from '../schema/describe-error.js';
import { compileSchema } from '../schema/schema-compiler.js';
import { manifestSchema } from './manifest-schema.js';
import { checkOptionsSchema } from './resolve-options.js';
import { refuse } from './plugin-error.js';

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
  const name = typeof value['name'] === 'string' ? value['name'] : place;
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
  return typeof value === 'object' && value !== null && Object.hasOwn(value, STRATEGY_BRAND);
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
