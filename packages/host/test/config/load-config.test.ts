import { rmSync } from 'node:fs';
import { configFile, loadConfig } from '@shootdown/host';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, rejection, strategySource } from '../loader/modules.js';

const COMMANDS = { compare: ['machine', 'threads', 'allow-unsafe'] };

const folder = folderOf({
  'package.json': '{ "type": "module" }',
  'whole.ts': `const machine: string = 'server';
export default { strategies: [${strategySource('mine')}, './other.js'], machines: [{ name: 'm' }, './m.json'],
  defaults: { compare: { machine, threads: [1, 2], 'allow-unsafe': true } } };`,
  'plain.mjs': 'export default {};',
  'data.json': '{ "scenarios": ["./s.json"] }',
  'cut.json': '{ "scenarios": [',
  'throws.js': "throw new Error('no disk');",
  'nothing.js': 'export const config = {};',
  'number.json': '7',
  'key.json': '{ "strategy": ["./x.js"] }',
  'command.json': '{ "defaults": { "compere": {} } }',
  'option.json': '{ "defaults": { "compare": { "machines": "haswell" } } }',
  'value.json': '{ "defaults": { "compare": { "machine": null } } }',
  'item.json': '{ "strategies": [3] }',
  'function.js': 'export default { machines: [{ name: () => 1 }] };',
  'getter.js': "export default { get strategies() { throw new Error('no'); } };",
  'inner-getter.js': "export default { machines: [{ get name() { throw new Error('no'); } }] };",
  'proxy.js': "export default new Proxy({}, { get() { throw new Error('no'); } });",
  'circular.js': 'const scenarios = []; scenarios.push(scenarios); export default { scenarios };',
  'symbol.js': "export default { strategies: [Symbol('x')] };",
  'one/shootdown.config.mjs': '',
  'two/shootdown.config.ts': '',
  'two/shootdown.config.json': '',
  'none/x': '',
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadConfig', () => {
  it('reads TypeScript with imported objects, which stay what they are', async () => {
    const config = await loadConfig('./whole.ts', folder, COMMANDS);
    expect(config).toMatchObject({
      strategies: [{ name: 'mine', create: expect.any(Function) }, './other.js'],
      machines: [{ name: 'm' }, './m.json'],
      scenarios: [],
      defaults: { compare: { machine: 'server', threads: [1, 2], 'allow-unsafe': true } },
    });
  });

  it.each([
    ['plain.mjs', { strategies: [], machines: [], scenarios: [], defaults: {} }],
    ['data.json', { strategies: [], machines: [], scenarios: ['./s.json'], defaults: {} }],
  ])('fills in what %s leaves out', async (file, config) => {
    expect(await loadConfig(file, folder, COMMANDS)).toEqual(config);
  });

  it.each([
    ['gone.ts', 'there is no such file'],
    ['cut.json', 'cut.json: '],
    ['throws.js', 'throws.js cannot be imported: Error: no disk'],
    ['nothing.js', 'the configuration must be object'],
    ['number.json', 'the configuration must be object'],
    ['key.json', 'must NOT have additional properties: strategy. Did you mean strategies?'],
    ['command.json', 'defaults must NOT have additional properties: compere. Did you mean compare?'],
    ['option.json', 'defaults.compare must NOT have additional properties: machines. Did you mean machine?'],
    ['value.json', 'defaults.compare.machine must be'],
    ['item.json', 'strategies.0 must be'],
    ['function.js', 'machines.0.name is a function; beside its strategies a configuration is JSON data'],
    ['getter.js', 'strategies is a getter'],
    ['inner-getter.js', 'machines.0.name is a getter'],
    ['proxy.js', 'the configuration is a Proxy'],
    ['circular.js', 'scenarios.0 holds itself'],
    ['symbol.js', 'strategies.0 is a symbol'],
  ])('refuses %s', async (file, text) => {
    const error = await rejection(loadConfig(file, folder, COMMANDS));
    expect(error).toMatchObject({ code: 'INVALID_CONFIG', exitCode: 2, message: expect.stringContaining(text) });
    expect(error.message).toContain(file);
    expect(error.message).not.toContain(folder);
  });
});

describe('configFile', () => {
  it('finds the configuration of a folder, or none', () => {
    expect(configFile(`${folder}/one`)).toBe('shootdown.config.mjs');
    expect(configFile(`${folder}/none`)).toBeUndefined();
  });

  it('refuses two, naming both', () => {
    expect(() => configFile(`${folder}/two`)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: 'There is both shootdown.config.ts and shootdown.config.json. Keep one, or name one with --config.',
      }),
    );
  });
});
