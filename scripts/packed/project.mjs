import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

const MAIN = `import { sync } from '@shootdown/strategy-sync';
import earlyAck from './early-ack.js';
import { timed } from './timed.js';

console.log(JSON.stringify([timed(sync, 2), timed(earlyAck, 2)]));
`;

const COMPILER = { target: 'es2023', strict: true, exactOptionalPropertyTypes: true, types: ['node'], rootDir: 'src' };

/**
 * Writes the project of a stranger: the tarballs as dependencies, a strategy of its own, and a program that times it beside ours.
 *
 * @param {string} folder
 */
export function writeProject(folder) {
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(root, 'packages/plugin/test/skeletons/early-ack.ts'), join(folder, 'src/early-ack.ts'));
  copyFileSync(join(root, 'tests/fixtures/packed/timed.ts'), join(folder, 'src/timed.ts'));
  writeFileSync(join(folder, 'src/main.ts'), MAIN);
  writeJson(join(folder, 'package.json'), manifest());
  const node = { ...COMPILER, module: 'nodenext', outDir: 'dist' };
  const bundler = { ...COMPILER, module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  writeJson(join(folder, 'tsconfig.json'), { compilerOptions: node, include: ['src'] });
  writeJson(join(folder, 'tsconfig.bundler.json'), { compilerOptions: bundler, include: ['src'] });
}

/** Every package comes from its tarball, so that none is looked up in a registry. */
function manifest() {
  const artifacts = join(root, 'artifacts');
  const names = readdirSync(artifacts).filter((name) => name.endsWith('.tgz'));
  const ours = names.map((name) => [packageName(name), `file:${join(artifacts, name)}`]);
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { typescript, '@types/node': node } = devDependencies;
  return {
    name: 'a-strategy-of-my-own',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(ours),
    devDependencies: { typescript, '@types/node': node },
  };
}

/**
 * `shootdown-core-0.1.0.tgz` is `@shootdown/core`, `shootdown-0.1.0.tgz` is `shootdown`.
 *
 * @param {string} tarball
 */
function packageName(tarball) {
  return tarball.replace(/-\d.*$/, '').replace(/^shootdown-/, '@shootdown/');
}

/**
 * @param {string} path
 * @param {object} content
 */
function writeJson(path, content) {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
