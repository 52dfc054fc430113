import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tarballName } from '../lib/tarball.mjs';

/**
 * Packs every package of the copy as a release would publish it, and says where a tarball has no such version, or asks for a version of ours that the
 * release does not have.
 *
 * @param {import('./workspace-copy.mjs').WorkspaceCopy} copy
 * @returns {Promise<string[]>}
 */
export async function packedProblems(copy) {
  const published = copy.published();
  const versions = new Map(published.map(({ manifest }) => [manifest.name, manifest.version]));
  /** @type {string[]} */
  const problems = [];
  for (const { folder, manifest } of published) {
    await copy.run('pnpm', ['pack', '--pack-destination', join(copy.folder, 'artifacts')], folder);
    const tarball = join(copy.folder, 'artifacts', tarballName(manifest));
    if (!existsSync(tarball)) problems.push(`${manifest.name}: no tarball of version ${manifest.version}`);
    else
      problems.push(
        ...rangeProblems(JSON.parse(await copy.run('tar', ['-xzOf', tarball, 'package/package.json'])), versions),
      );
  }
  return problems;
}

/**
 * @param {import('../lib/workspace.mjs').Manifest} packed
 * @param {ReadonlyMap<string, string>} versions
 */
function rangeProblems({ name, dependencies, devDependencies }, versions) {
  const ranges = Object.entries({ ...devDependencies, ...dependencies });
  return ranges
    .filter(([used, range]) => versions.has(used) && range !== `^${versions.get(used)}`)
    .map(([used, range]) => `${name} depends on ${used} ${range}, released is ${versions.get(used)}`);
}
