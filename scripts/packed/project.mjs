import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../lib/run.mjs';

const SKELETONS = join(root, 'packages/plugin/test/skeletons');

const MAIN = `import { sync } from '@shootdown/strategy-sync';
import earlyAck from './early-ack.js';
import { timed } from './timed.js';

console.log(JSON.stringify([timed(sync, 2), timed(earlyAck, 2)]));
`;

const COMPILER = { target: 'es2023', strict: true, exactOptionalPropertyTypes: true, types: ['node'], rootDir: 'src' };

/**
 * Writes the project of a stranger: the tarballs as dependencies, a strategy of its own in TypeScript, with a program that times it beside ours,
 * and one in plain JavaScript.
 *
 * @param {string} folder
 */
export function writeProject(folder) {
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(SKELETONS, 'early-ack.ts'), join(folder, 'src/early-ack.ts'));
  copyFileSync(join(root, 'tests/fixtures/packed/timed.ts'), join(folder, 'src/timed.ts'));
  writeFileSync(join(folder, 'src/main.ts'), MAIN);
  writeFileSync(join(folder, 'one-by-one.js'), withoutTypes(readFileSync(join(SKELETONS, 'one-by-one.ts'), 'utf8')));
  writeJson(join(folder, 'package.json'), manifest());
  const node = { ...COMPILER, module: 'nodenext', outDir: 'dist' };
  const bundler = { ...COMPILER, module: 'esnext', moduleResolution: 'bundler', outDir: 'bundled' };
  writeJson(join(folder, 'tsconfig.json'), { compilerOptions: node, include: ['src'] });
  writeJson(join(folder, 'tsconfig.bundler.json'), { compilerOptions: bundler, include: ['src'] });
}

/** The source as somebody writes it who uses no TypeScript. */
function withoutTypes(/** @type {string} */ source) {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Every package comes from its tarball, so that none is looked up in a registry. */
function manifest() {
  const artifacts = join(root, 'artifacts');
  /** @type {Record<string, string>} */
  const tarballs = JSON.parse(readFileSync(join(artifacts, 'packages.json'), 'utf8'));
  const ours = Object.entries(tarballs).map(([name, tarball]) => [name, `file:${join(artifacts, tarball)}`]);
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
 * @param {string} path
 * @param {object} content
 */
function writeJson(path, content) {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
