import { type Stats, statSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ShootdownError } from '@shootdown/core';
import { resolve as resolveImport } from 'import-meta-resolve';
import { exports as exportsOf, legacy as mainOf } from 'resolve.exports';
import { packageFile } from './package-file.js';
import { isPath } from './specifier.js';

/**
 * The URL of the module that a specifier names for somebody in `directory`: a package as `import` finds it there, a file, or a
 * folder with a package.json (`exports`, else `main`, else index.js).
 *
 * @throws ShootdownError MODULE_NOT_FOUND
 */
export function resolveModule(specifier: string, directory: string): string {
  return isPath(specifier) ? resolveFile(specifier, directory) : resolvePackage(specifier, directory);
}

function resolvePackage(specifier: string, directory: string): string {
  const from = pathToFileURL(join(directory, 'importer.js')).href;
  let url: string;
  try {
    url = resolveImport(specifier, from);
  } catch (cause) {
    throw packageNotFound(specifier, directory, cause);
  }
  if (!url.startsWith('file:'))
    throw notFound(specifier, `it is the module ${url} of Node, no package; name a package or a path`);
  if (statOf(fileURLToPath(url))?.isFile() === true) return url;
  throw notFound(specifier, UNBUILT);
}

const NO_MODULE = 'it is neither a file nor a folder with a package.json or an index.js; name a module';
const UNBUILT = 'the entry that its package.json names does not exist; build the package or correct `exports`';

function packageNotFound(specifier: string, directory: string, cause: unknown): ShootdownError {
  if (codeOf(cause) === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
    return notFound(specifier, 'its package does not export it; add it to `exports` of the package.json', cause);
  if (isInstalled(specifier, directory))
    return notFound(specifier, 'its package is installed and has no entry; correct its package.json', cause);
  const file = statOf(join(directory, specifier))?.isFile() === true;
  const cure = file
    ? `for the file of this name write ./${specifier}`
    : 'install it there, or name a path such as ./it.js';
  return notFound(specifier, `no such package is installed where it was asked for; ${cure}`, cause);
}

/** Whether the package of a specifier lies in a `node_modules` of this directory or above it, sound or not. */
export function isInstalled(specifier: string, directory: string): boolean {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  for (let folder = resolvePath(directory); ; folder = dirname(folder)) {
    if (statOf(join(folder, 'node_modules', name))?.isDirectory() === true) return true;
    if (folder === dirname(folder)) return false;
  }
}

function resolveFile(specifier: string, directory: string): string {
  const path = resolvePath(directory, specifier);
  const stat = statOf(path);
  if (stat === undefined) throw notFound(specifier, 'there is no such file or folder; correct the path');
  const isFolder = stat.isDirectory();
  const file = isFolder ? join(path, entryOf(path, specifier)) : path;
  if (statOf(file)?.isFile() === true) return pathToFileURL(file).href;
  throw notFound(specifier, isFolder && packageFile(path) !== undefined ? UNBUILT : NO_MODULE);
}

/** The entry of a package folder, relative to it. */
function entryOf(folder: string, specifier: string): string {
  try {
    const content = packageFile(folder);
    if (content === undefined) return 'index.js';
    const [entry] = exportsOf(content, '.', {}) ?? [];
    const main = entry ?? mainOf(content, { browser: false, fields: ['module', 'main'] });
    return typeof main === 'string' ? main : 'index.js';
  } catch (cause) {
    throw notFound(specifier, 'its package.json cannot be read or exports no entry; correct it', cause);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** `cause` names files by their full path and stays out of the message, which is the same on every host. */
function notFound(specifier: string, why: string, cause?: unknown): ShootdownError {
  const details = { place: specifier, strategy: specifier };
  return new ShootdownError('MODULE_NOT_FOUND', `${specifier} is not found: ${why}.`, { details, cause });
}
