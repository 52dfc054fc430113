// Lints the packed packages as an installer would meet them: publint (strict), arethetypeswrong (ESM only), no workspace range.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from './lib/imports.mjs';
import { capture, conclude, root } from './lib/run.mjs';

const tarballs = readdirSync(join(root, 'artifacts')).filter((name) => name.endsWith('.tgz'));

/**
 * @param {string} tarball
 * @returns {Promise<string[]>}
 */
async function lint(tarball) {
  const path = join('artifacts', tarball);
  const publint = await capture('publint', ['run', path, '--strict']);
  const types = await capture('attw', [
    path,
    '--profile',
    'esm-only',
    '--no-definitely-typed',
    '--no-emoji',
    '--no-color',
  ]);
  const manifest = await capture('tar', ['-xzOf', path, 'package/package.json']);
  const problems = [publint, types].filter(({ code }) => code !== 0).map(({ output }) => `${tarball}\n${output}`);
  if (manifest.code !== 0 || manifest.output.includes('"workspace:'))
    problems.push(`${tarball}: a workspace range is left`);
  return problems;
}

/** @type {string[]} */
const problems = tarballs.length === 0 ? ['artifacts/ is empty: run "npm run pack" first'] : [];
for (let at = 0; at < tarballs.length; at += 2) {
  const pair = tarballs.slice(at, at + 2);
  problems.push(...(await Promise.all(pair.map(lint))).flat());
}
/** What an author's plugin loads is the contract alone: core and mm reach it as types. */
const contract = importsOf('index.js', readFileSync(join(root, 'packages/plugin/dist/index.js'), 'utf8'));
problems.push(...contract.map(({ module }) => `@shootdown/plugin loads ${module} at run time`));
conclude(`publish lint of ${tarballs.length} tarballs`, problems);
