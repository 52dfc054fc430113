import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What stands in a package.json, unchecked: its author may have written anything. */
export interface PackageFile {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly main?: unknown;
  readonly exports?: unknown;
}

/** The package.json of a folder, or undefined when there is none. Throws what JSON.parse throws. */
export function packageFile(folder: string): PackageFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : {};
}

/** Name and version of the package that a file belongs to: the nearest package.json upwards that has both. */
export function owningPackage(file: string): { readonly name: string; readonly version: string } | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const { name, version } = packageFile(folder) ?? {};
    if (typeof name === 'string' && typeof version === 'string') return { name, version };
  }
  return undefined;
}
