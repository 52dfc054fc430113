import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf } from './imports.mjs';
import { layerOf, objection } from './layers.mjs';
import { workspacePackages, writtenFiles } from './workspace.mjs';

/** @typedef {import('./workspace.mjs').WorkspacePackage} WorkspacePackage */

/**
 * @param {WorkspacePackage} unit
 * @param {ReadonlyMap<string, boolean>} names
 * @returns {string[]}
 */
function manifestProblems({ folder, manifest }, names) {
  const used = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies };
  const problems =
    layerOf(manifest.name) === undefined ? [`${manifest.name} has no layer: place it in scripts/layers.json`] : [];
  for (const name of Object.keys(used).filter((each) => names.has(each))) {
    const reason = objection(manifest.name, name);
    if (reason !== undefined) problems.push(`${folder}/package.json: ${reason}`);
  }
  return problems;
}

/**
 * The build orders packages by the references of their tsconfig.json, which must name what the manifest uses.
 *
 * @param {string} base
 * @param {WorkspacePackage} unit
 * @param {readonly WorkspacePackage[]} units
 * @returns {string[]}
 */
function referenceProblems(base, { folder, manifest }, units) {
  const path = join(base, folder, 'tsconfig.json');
  if (!existsSync(path)) return [];
  const { references = [] } = JSON.parse(readFileSync(path, 'utf8'));
  const named = new Set(references.map((/** @type {{ path: string }} */ each) => posix.join(folder, each.path)));
  const used = { ...manifest.dependencies, ...manifest.peerDependencies };
  return units
    .filter((unit) => unit.manifest.name in used && !named.has(unit.folder))
    .map((unit) => `${folder}/tsconfig.json: no reference to ${unit.folder}, which package.json uses`);
}

/**
 * What is wrong with one import; undefined when nothing is. A private package cannot be installed beside a published one: it is
 * a devDependency, which the bundler puts into it.
 *
 * @param {string} module
 * @param {string} file
 * @param {WorkspacePackage} unit
 * @param {ReadonlyMap<string, boolean>} names the packages, and whether each is private
 * @returns {string | undefined}
 */
function importProblem(module, file, { folder, manifest }, names) {
  if (module.startsWith('.')) {
    const reached = posix.join(posix.dirname(file), module);
    const allowed = folder === 'tests' || reached.startsWith(`${folder}/`);
    return allowed ? undefined : `reaches into ${reached}: import the package by its name`;
  }
  const name = module.split('/', module.startsWith('@') ? 2 : 1).join('/');
  if (name === manifest.name || !(names.has(name) || name.startsWith('@shootdown/'))) return undefined;
  const published = { ...manifest.dependencies, ...manifest.peerDependencies };
  const isShipped = file.startsWith(`${folder}/src/`) && names.get(name) !== true;
  const declared = isShipped ? published : { ...published, ...manifest.devDependencies };
  return (
    objection(manifest.name, name) ??
    (name in declared ? undefined : `${name} is not declared in ${folder}/package.json`)
  );
}

/**
 * Every breach of the layers below `base`: in manifests, in imports by name, in relative paths that leave a package.
 *
 * @param {string} base
 * @returns {string[]}
 */
export function layerProblems(base) {
  const units = workspacePackages(base);
  const names = new Map(units.map(({ manifest }) => [manifest.name, manifest.private === true]));
  const problems = units.flatMap((unit) => [...manifestProblems(unit, names), ...referenceProblems(base, unit, units)]);
  const sources = writtenFiles(base).filter((file) => /\.(?:m?ts|mjs|js)$/.test(file));
  for (const file of sources) {
    const unit = units.find(({ folder }) => file.startsWith(`${folder}/`));
    if (unit === undefined || file.endsWith('/tsup.config.ts')) continue;
    for (const { module, line } of importsOf(file, readFileSync(join(base, file), 'utf8'))) {
      const problem = importProblem(module, file, unit, names);
      if (problem !== undefined) problems.push(`${file}:${line}: ${problem}`);
    }
  }
  return problems;
}
