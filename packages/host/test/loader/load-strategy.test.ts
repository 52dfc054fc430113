import { rmSync } from 'node:fs';
import { createRegistry, loadStrategy } from '@shootdown/host';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, rejection, strategySource } from './modules.js';

const packageJson = (fields: object): string =>
  JSON.stringify({ name: 'x', version: '1.2.3', type: 'module', ...fields });
const byDefault = (name: string): string => `export default ${strategySource(name)}`;

const folder = folderOf({
  'package.json': JSON.stringify({ name: 'me', type: 'module' }),
  'plain.js': byDefault('plain'),
  'named.js': `export const other = 1; export const strategy = ${strategySource('named')}`,
  'both.js': `export const a = ${strategySource('a')}; export default ${strategySource('main')}`,
  'twice.js': `const s = ${strategySource('twice')}; export { s as a, s as b };`,
  'common.cjs': `module.exports = ${strategySource('common')}`,
  'transpiled.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${strategySource('transpiled')}`,
  'typed.ts': `import { name } from './helper.js';\nimport type { Nothing } from './nothing.js';\nconst s: object = { ...(${strategySource('typed')}), name };\nexport default s as Nothing;`,
  'helper.ts': "export const name: string = 'from-helper';",
  'idea/package.json': packageJson({ exports: { import: './dist/it.js', require: './none.cjs' } }),
  'idea/dist/it.js': byDefault('idea'),
  'main/package.json': packageJson({ main: './lib.js' }),
  'main/lib.js': byDefault('main-field'),
  'index/index.js': byDefault('index-file'),
  'node_modules/shootdown-far/package.json': packageJson({
    name: 'shootdown-far',
    exports: { '.': './far.js', './early': './early.js' },
  }),
  'node_modules/shootdown-far/far.js': byDefault('far'),
  'node_modules/shootdown-far/early.js': byDefault('early'),
  'node_modules/@me/far/package.json': packageJson({ name: '@me/far', main: 'far.js' }),
  'node_modules/@me/far/far.js': byDefault('far-scoped'),
  'deep/in/here/x.txt': '',

  'empty.js': '',
  'numbers.js': 'export const a = 1; export const b = 2;',
  'unbranded.js': `export default { apiVersion: 1, name: 'unbranded' }`,
  'two.js': `export const a = ${strategySource('a')}; export const b = ${strategySource('b')};`,
  'throws.js': "\nthrow new RangeError('no table');",
  'throws.ts': "const x: number = 1;\nthrow new RangeError('no table' + x);",
  'throws-nothing.js': 'throw null;',
  'syntax.js': 'export default {;',
  'syntax.ts': 'export default {;',
  'needs.js': "import 'not-installed';",
  'needs-file.js': "import './nothing.js';",
  'version.js': `export default ${strategySource('version', 'apiVersion: 2')}`,
  'copy.js': `export default ${strategySource('copy', "[Symbol.for('@shootdown/plugin/strategy')]: 2")}`,
  'manifest.js': `export default ${strategySource('manifest', 'title: 3')}`,
  'schema.js': `export default ${strategySource('schema', "optionsSchema: { type: 'object', additionalProperties: false, properties: { a: { type: 'int' } } }")}`,
  'defaults.js': `export default ${strategySource('defaults', "optionsSchema: { type: 'object', additionalProperties: false, properties: { a: { type: 'integer', default: 'x' } } }")}`,
  'unbuilt/package.json': packageJson({ exports: './dist/it.js' }),
  'unexported/package.json': packageJson({ exports: { './other': './it.js' } }),
  'broken/package.json': '{',
  'hollow/x.txt': '',
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadStrategy finds', () => {
  it.each([
    ['./plain.js', 'plain'],
    [`${folder}/plain.js`, 'plain'],
    ['./named.js', 'named'],
    ['./both.js', 'main'],
    ['./twice.js', 'twice'],
    ['./common.cjs', 'common'],
    ['./transpiled.cjs', 'transpiled'],
    ['./typed.ts', 'from-helper'],
    ['./idea', 'idea'],
    ['./main', 'main-field'],
    ['./index', 'index-file'],
    ['shootdown-far', 'far'],
    ['shootdown-far/early', 'early'],
    ['@me/far', 'far-scoped'],
  ])('%s', async (specifier, name) => {
    const { strategy } = await loadStrategy(specifier, folder);
    expect(createRegistry([strategy]).find(name).name).toBe(name);
  });

  it('a package from a folder below, with its version, and no package for a path', async () => {
    const far = await loadStrategy('@me/far', `${folder}/deep/in/here`);
    expect(far).toMatchObject({ specifier: '@me/far', package: { name: '@me/far', version: '1.2.3' } });
    expect(await loadStrategy('./idea', folder)).not.toHaveProperty('package');
  });

  it('a path from the folder that it is asked for in', async () => {
    expect((await loadStrategy('../plain.js', `${folder}/idea`)).strategy.name).toBe('plain');
  });
});

describe('loadStrategy refuses', () => {
  it.each([
    ['./nothing.js', 'MODULE_NOT_FOUND', 'there is no such file or folder'],
    ['./plain.js/x', 'MODULE_NOT_FOUND', 'there is no such file or folder'],
    ['./unbuilt', 'MODULE_NOT_FOUND', 'build the package or correct `exports`'],
    ['./unexported', 'MODULE_NOT_FOUND', 'exports no entry'],
    ['./broken', 'MODULE_NOT_FOUND', 'package.json cannot be read'],
    ['./hollow', 'MODULE_NOT_FOUND', 'neither a file nor a folder with a package.json'],
    ['shootdown-none', 'MODULE_NOT_FOUND', 'install it there'],
    ['plain.js', 'MODULE_NOT_FOUND', 'write ./plain.js'],
    ['shootdown-far/none', 'MODULE_NOT_FOUND', 'add it to `exports`'],
    ['@me/', 'MODULE_NOT_FOUND', 'is not found'],
    ['fs', 'MODULE_NOT_FOUND', 'of Node, no package'],
    ['./throws.js', 'IMPORT_FAILED', 'RangeError: no table (./throws.js:2)'],
    ['./throws.ts', 'IMPORT_FAILED', 'RangeError: no table1'],
    ['./throws-nothing.js', 'IMPORT_FAILED', 'null'],
    ['./syntax.js', 'IMPORT_FAILED', './syntax.js cannot be imported'],
    ['./syntax.ts', 'IMPORT_FAILED', 'ParseError'],
    ['./needs.js', 'IMPORT_FAILED', 'not-installed'],
    ['./needs-file.js', 'IMPORT_FAILED', 'nothing.js'],
    ['./empty.js', 'NOT_A_STRATEGY', './empty.js exports nothing'],
    ['./numbers.js', 'NOT_A_STRATEGY', './numbers.js exports no strategy, only a (a number), b (a number)'],
    ['./unbranded.js', 'NOT_A_STRATEGY', 'only default (an object that defineStrategy did not make)'],
    ['./two.js', 'SEVERAL_STRATEGIES', './two.js exports 2 strategies: a, b'],
    ['./version.js', 'API_VERSION', "'version' was written for contract version 2"],
    ['./copy.js', 'PLUGIN_COPY', 'npm ls @shootdown/plugin'],
    ['./manifest.js', 'INVALID_MANIFEST', 'title must be string'],
    ['./schema.js', 'OPTIONS_SCHEMA', 'optionsSchema does not compile'],
    ['./defaults.js', 'OPTIONS_DEFAULTS', 'by default, a must be integer'],
  ])('%s as %s', async (specifier, code, text) => {
    const error = await rejection(loadStrategy(specifier, folder));
    expect(error).toMatchObject({ code, exitCode: 3, message: expect.stringContaining(text) });
    expect(error.message.replaceAll(specifier, '')).not.toContain(folder);
  });
});
