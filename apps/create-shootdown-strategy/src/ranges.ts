import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ShootdownError } from '@shootdown/core';

/** Version ranges by package. */
export type Ranges = Readonly<Record<string, string>>;

const OWN_NAME = 'create-shootdown-strategy';

/** What this package was released with: what the templates depend on is among its devDependencies. */
export function releasedRanges(): Ranges {
  const path = fileURLToPath(new URL('../package.json', import.meta.url));
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly devDependencies: Ranges }).devDependencies;
}

/**
 * The packed packages of a folder as `file:` ranges, told from where the new package will be. All are direct dependencies: npm then
 * takes them for each other too, and asks no registry for a package that is not published.
 *
 * @throws ShootdownError INVALID_FILE when the folder has no list of its packages
 */
export function packedRanges(folder: string, target: string): Ranges {
  const files = readPackedList(folder);
  const entries = Object.entries(files).filter(([name]) => name !== OWN_NAME);
  return Object.fromEntries(entries.map(([name, file]) => [name, `file:${pathFrom(target, join(folder, file))}`]));
}

function readPackedList(folder: string): Readonly<Record<string, string>> {
  const path = join(folder, 'packages.json');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw notAList(path, cause);
  }
  if (isRecordOfTexts(value)) return value;
  throw notAList(path);
}

function isRecordOfTexts(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}

function notAList(path: string, cause?: unknown): ShootdownError {
  const text = `--packages: ${JSON.stringify(path)} is no list of tarballs by package; npm run pack writes one to artifacts.`;
  return new ShootdownError('INVALID_FILE', text, { cause });
}

function pathFrom(target: string, file: string): string {
  return relative(resolve(target), resolve(file)).split(sep).join('/');
}
