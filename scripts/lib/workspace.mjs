import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const generated = new Set(['node_modules', 'dist', '.git', '.turbo', 'coverage', 'artifacts']);

/**
 * Every file a person wrote, relative to `base`, with forward slashes, sorted.
 *
 * @param {string} base
 * @returns {string[]}
 */
export function writtenFiles(base) {
  /** @type {string[]} */
  const found = [];
  const visit = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (generated.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) found.push(relative(base, path).split(sep).join('/'));
    }
  };
  visit(base);
  return found.sort();
}

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/** @typedef {{ folder: string, manifest: Manifest }} WorkspacePackage */

/**
 * The packages of the workspace below `base`.
 *
 * @param {string} base
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages(base) {
  const folders = ['packages', 'apps']
    .filter((parent) => existsSync(join(base, parent)))
    .flatMap((parent) => readdirSync(join(base, parent)).map((name) => `${parent}/${name}`));
  return [...folders, 'tests']
    .filter((folder) => existsSync(join(base, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(base, folder, 'package.json'), 'utf8')) }));
}
