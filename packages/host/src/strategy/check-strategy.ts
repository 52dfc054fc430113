import { ShootdownError } from '@shootdown/core';
import { API_VERSION, type Strategy, STRATEGY_BRAND } from '@shootdown/plugin';
import { describeError } from '../schema/describe-error.js';
import { compileSchema } from '../schema/schema-compiler.js';
import { manifestSchema } from './manifest-schema.js';
import { optionProblems } from './resolve-options.js';
import { refuse } from './plugin-error.js';

const matchesManifest = compileSchema<object>(manifestSchema);

/**
 * Checks that a value is a strategy of this contract version with a sound manifest. `place` is where it came from, for
 * the message. Two copies of the contract package brand alike, so a strategy may bring its own.
 *
 * @throws ShootdownError NOT_A_STRATEGY, API_VERSION or INVALID_MANIFEST; the last one lists every problem
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
  return value as Branded & Strategy;
}

type Branded = { readonly [key: string]: unknown; readonly [STRATEGY_BRAND]: unknown };

function isBranded(value: unknown): value is Branded {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, STRATEGY_BRAND);
}

/** The brand and the manifest both state the version: the brand what the package was, the manifest what the author meant. */
function checkVersion(value: Branded, name: string): void {
  for (const version of [value[STRATEGY_BRAND], value['apiVersion']]) {
    if (version === API_VERSION) continue;
    throw new ShootdownError(
      'API_VERSION',
      `Strategy '${name}' was written for contract version ${String(version)}; this laboratory speaks ${API_VERSION}. ` +
        `Set apiVersion to ${API_VERSION} and use @shootdown/plugin of that version.`,
      { details: { strategy: name, expected: API_VERSION } },
    );
  }
}

function manifestProblems(value: Branded): readonly string[] {
  const { create, ...manifest } = value;
  const problems = typeof create === 'function' ? [] : ['create must be a function (env, options) => hooks.'];
  if (!matchesManifest(manifest))
    problems.push(...(matchesManifest.errors ?? []).map((error) => describeError(error, 'the manifest')));
  return problems.length > 0 ? problems : optionProblems(manifest['optionsSchema'] as object);
}
