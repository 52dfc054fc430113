import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadStrategy } from '@shootdown/host';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, rejection, strategySource } from './modules.js';

const exporting = (name: string, changes = ''): string => `export default ${strategySource(name, changes)}`;
const option = (schema: string): string =>
  `optionsSchema: { type: 'object', additionalProperties: false, properties: { a: ${schema} } }`;
const installed = (name: string, fields: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: `{ "name": "${name}", "version": "1.0.0", ${fields} }`,
});

const folder = folderOf({
  'package.json': '{ "type": "module" }',
  'number.js': 'export default 7;',
  'null.js': 'export default null;',
  'function.js': `export default () => (${strategySource('f')});`,
  'class.js': 'export default class Idea {}',
  'promise.js': `export default Promise.resolve(${strategySource('p')});`,
  'array.js': `export default [${strategySource('a')}];`,
  'proxy.js': `export default new Proxy(${strategySource('proxy')}, {});`,
  'revoked.js': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); export default proxy;',
  'export-getter.cjs': "Object.defineProperty(exports, 'it', { enumerable: true, get() { throw new Error('no'); } });",
  'brand-getter.js': "export default { get [Symbol.for('@shootdown/plugin/strategy')]() { throw new Error('no'); } };",
  'name-getter.js': exporting('x', "get name() { throw new Error('no'); }"),
  'create-getter.js': exporting('create-getter', "get create() { throw new Error('no'); }"),
  'deep-getter.js': exporting('deep-getter', option("{ get type() { throw new Error('no'); } }")),
  'inner-proxy.js': exporting('inner-proxy', 'references: new Proxy([], {})'),
  'ansi.js': exporting('x', "name: 'a\\u001b[2Jb'"),
  'proto.js': exporting('x', "name: '__proto__'"),
  'lines.js': exporting('x', "name: 'a\\nb'"),
  'huge.js': exporting('x', "name: 'x'.repeat(100_000)"),
  'http.js': exporting('http', option("{ $ref: 'http://example.com/x.json' }")),
  'circular.js': `const a = { type: 'object' }; a.properties = { a };\n${exporting('circular', option('a'))}`,
  'deep.js': `let a = { type: 'integer' }; for (let i = 0; i < 20_000; i++) a = { not: a };\n${exporting('deep', option('a'))}`,
  'function-default.js': exporting('function-default', option("{ type: 'integer', default: () => 1 }")),
  'big.js': exporting('big', option('{ enum: [1n], default: 1n }')),
  'proto-option.js': exporting(
    'proto-option',
    `optionsSchema: JSON.parse('{"type":"object","additionalProperties":false,"properties":{"__proto__":{"type":"integer"}}}')`,
  ),
  'throws-bare.js': 'throw Object.create(null);',
  'throws-text.js': "throw { toString() { throw new Error('no'); } };",
  'throws-symbol.js': "throw Symbol('odd');",
  'a b/ünï #1 100%.ts': exporting('spaced'),
  'a b/q?x=1.ts': exporting('query'),
  'hash#tag.ts': `const name: string = 'hashed'; export default { ...(${strategySource('x')}), name };`,
  'per%20cent.js': exporting('per-cent'),
  ...installed('hollow', '"exports": "./gone.js"'),
  ...installed('null-export', '"exports": { ".": null }'),
  ...installed('outside', '"exports": "../../outside.js"'),
  ...installed('number-export', '"exports": 5'),
  ...installed('no-entry', '"license": "MIT"'),
  'node_modules/not-json/package.json': '{',
});
symlinkSync('hash#tag.ts', join(folder, 'link.ts'));
symlinkSync('a b', join(folder, 'linked folder'));
symlinkSync('gone.js', join(folder, 'dangling.js'));
symlinkSync('loop.js', join(folder, 'loop.js'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadStrategy refuses, with one line that names the module and the cure,', () => {
  it.each([
    ['./number.js', 'NOT_A_STRATEGY', 'only default (a number)'],
    ['./null.js', 'NOT_A_STRATEGY', 'only default (null)'],
    ['./function.js', 'NOT_A_STRATEGY', 'only default (a function)'],
    ['./class.js', 'NOT_A_STRATEGY', 'only default (a function)'],
    ['./promise.js', 'NOT_A_STRATEGY', 'only default (a Promise)'],
    ['./array.js', 'NOT_A_STRATEGY', 'only default (an array)'],
    ['./proxy.js', 'NOT_A_STRATEGY', 'only default (a Proxy)'],
    ['./revoked.js', 'NOT_A_STRATEGY', 'only default (a Proxy)'],
    ['./export-getter.cjs', 'NOT_A_STRATEGY', 'an export that cannot be read: Error: no'],
    ['./brand-getter.js', 'INVALID_MANIFEST', 'brand is a getter; write the value'],
    ['./name-getter.js', 'INVALID_MANIFEST', 'name is a getter; write the value'],
    ['./create-getter.js', 'INVALID_MANIFEST', 'create is a getter; write the value'],
    ['./deep-getter.js', 'OPTIONS_SCHEMA', 'optionsSchema.properties.a.type is a getter'],
    ['./inner-proxy.js', 'INVALID_MANIFEST', 'references is a Proxy; a manifest is JSON data'],
    ['./ansi.js', 'INVALID_MANIFEST', "'./ansi.js' is refused; correct these places:\n  name must match"],
    ['./proto.js', 'INVALID_MANIFEST', 'name must match'],
    ['./lines.js', 'INVALID_MANIFEST', "'./lines.js' is refused; correct these places:\n  name must match"],
    ['./huge.js', 'INVALID_MANIFEST', 'name must match'],
    ['./http.js', 'OPTIONS_SCHEMA', "can't resolve reference http://example.com/x.json"],
    ['./circular.js', 'OPTIONS_SCHEMA', 'optionsSchema.properties.a.properties.a holds itself'],
    ['./deep.js', 'OPTIONS_SCHEMA', 'lies deeper than 64 levels'],
    ['./function-default.js', 'OPTIONS_SCHEMA', 'optionsSchema.properties.a.default is a function'],
    ['./big.js', 'OPTIONS_SCHEMA', 'optionsSchema.properties.a.enum.0 is a bigint'],
    ['./proto-option.js', 'OPTIONS_SCHEMA', '__proto__ is a name that JavaScript keeps'],
    ['./throws-bare.js', 'IMPORT_FAILED', 'a value (object) that cannot be shown'],
    ['./throws-text.js', 'IMPORT_FAILED', 'a value (object) that cannot be shown'],
    ['./throws-symbol.js', 'IMPORT_FAILED', 'Symbol(odd)'],
    ['./dangling.js', 'MODULE_NOT_FOUND', 'no such file or folder'],
    ['./loop.js', 'MODULE_NOT_FOUND', 'no such file or folder'],
    ['hollow', 'MODULE_NOT_FOUND', 'build the package or correct `exports`'],
    ['null-export', 'MODULE_NOT_FOUND', 'add it to `exports`'],
    ['outside', 'MODULE_NOT_FOUND', 'is installed and has no entry'],
    ['number-export', 'MODULE_NOT_FOUND', 'add it to `exports`'],
    ['no-entry', 'MODULE_NOT_FOUND', 'is installed and has no entry'],
    ['not-json', 'MODULE_NOT_FOUND', 'is installed and has no entry'],
  ])('%s as %s', async (specifier, code, text) => {
    const error = await rejection(loadStrategy(specifier, folder));
    expect(error).toMatchObject({ code, exitCode: 3, message: expect.stringContaining(text) });
    expect(error.message.length).toBeLessThan(700);
    expect(error.message.replaceAll(specifier, '')).not.toContain(folder);
  });
});

describe('loadStrategy finds', () => {
  it.each([
    ['./linked folder/q?x=1.ts', 'query'],
    ['./a b/ünï #1 100%.ts', 'spaced'],
    ['./hash#tag.ts', 'hashed'],
    ['./link.ts', 'hashed'],
    ['./per%20cent.js', 'per-cent'],
  ])('%s', async (specifier, name) => {
    expect((await loadStrategy(specifier, folder)).strategy.name).toBe(name);
  });
});
