import { ShootdownError } from '@shootdown/core';
import type { Ranges } from './ranges.js';

interface PackageJson {
  readonly name: string;
  readonly peerDependencies: Ranges;
  readonly devDependencies: Ranges;
}

/**
 * The package.json of a template with the versions of what it depends on: a tarball where there is one, else the released range.
 *
 * @throws ShootdownError INVALID_ARGUMENT when the package has the name of one that it depends on, or a version is not released
 */
export function completePackageJson(text: string, packed: Ranges, released: Ranges): string {
  const content = JSON.parse(text) as PackageJson;
  const wanted = Object.keys(content.devDependencies);
  if (wanted.includes(content.name) || Object.hasOwn(packed, content.name)) throw nameTaken(content.name);
  const ranges = {
    ...Object.fromEntries(wanted.map((name) => [name, packed[name] ?? releasedRange(name, released)])),
    ...packed,
  };
  const devDependencies = Object.fromEntries(Object.entries(ranges).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...content, devDependencies }, null, 2)}\n`;
}

function releasedRange(name: string, released: Ranges): string {
  const range = released[name];
  if (range !== undefined && !range.startsWith('workspace:')) return range;
  const text = `No release of ${name} is known to this copy of create-shootdown-strategy, which stands in its repository: npm run pack makes the packages, then add --packages artifacts.`;
  throw new ShootdownError('INVALID_ARGUMENT', text);
}

function nameTaken(name: string): ShootdownError {
  return new ShootdownError(
    'INVALID_ARGUMENT',
    `A package ${name} would depend on one of its own name; take another name.`,
  );
}
