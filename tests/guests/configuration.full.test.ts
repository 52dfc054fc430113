import { rmSync } from 'node:fs';
import { machineProfile } from '@shootdown/core';
import type { ResultDocument } from '@shootdown/reporter';
import { findScenario } from '@shootdown/scenarios';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, strategySource } from '../../packages/host/test/loader/modules.js';
import { inFolder, MODULES } from './strangers.js';

const json = JSON.stringify;
const CONFIG = `import fine from '../fine.js';
export default {
  strategies: [fine, '../named-fine.js', 'shootdown-far', ${strategySource('stuck', 'create: () => { for (;;); }')}],
  machines: [${json({ ...machineProfile('haswell'), name: 'my-haswell' })}, './server.json'],
  scenarios: [${json({ ...findScenario('munmap'), name: 'my-munmap' })}],
  defaults: { compare: { machine: 'my-haswell', scenario: 'my-munmap', strategy: ['sync', 'fine'], threads: [1, 2], iterations: 5,
    format: 'json', 'allow-unsafe': true, 'plugin-seconds': 5 } },
};`;

const folder = folderOf({
  ...MODULES,
  'set/shootdown.config.ts': CONFIG,
  'set/server.json': json({ ...machineProfile('server'), name: 'my-server' }),
  'taken/shootdown.config.json': json({ machines: [machineProfile('haswell')] }),
  'wrong/shootdown.config.json': json({ machines: [{ ...machineProfile('haswell'), name: 'x', topology: {} }] }),
  'stuck/shootdown.config.js': 'for (;;);',
  'far/x': '',
});
afterAll(() => rmSync(folder, { recursive: true }));

const inSet = (...words: string[]): ReturnType<typeof inFolder> => inFolder(`${folder}/set`, words);

describe('a configuration', { timeout: 120_000 }, () => {
  it('has defaults, machines, scenarios and strategies for compare', async () => {
    const { exitCode, stdout, stderr } = await inSet('compare');
    const { rows, machine, scenario, manifest } = JSON.parse(stdout) as ResultDocument;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect([machine.name, scenario.name]).toEqual(['my-haswell', 'my-munmap']);
    expect(rows.map(({ strategy, threads }) => `${strategy} ${threads}`)).toEqual([
      'sync 1',
      'sync 2',
      'fine 1',
      'fine 2',
    ]);
    expect(manifest.commandLine).toMatch(/--threads 1,2 --iterations 5 .*--plugin-seconds 5$/);
  });

  it('gives way to the command line, and is named by --config', async () => {
    const words = ['compare', '--config', '../set/shootdown.config.ts', '--threads', '1', '--machine', 'haswell'];
    const { stdout } = await inFolder(`${folder}/far`, words);
    const { rows, machine, manifest } = JSON.parse(stdout) as ResultDocument;
    expect([machine.name, rows.length]).toEqual(['haswell', 2]);
    expect(manifest.commandLine).toContain(' --config ../set/shootdown.config.ts');
  });

  it('is listed, and what cannot be loaded is told', async () => {
    const { exitCode, stdout, stderr } = await inSet('list', 'strategies');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^sync [\s\S]*^fine [\s\S]*^\.\.\/named-fine\.js [\s\S]*^far [\s\S]*^stuck /m);
    expect(stderr).toMatch(/^error DUPLICATE_NAME \(exit 3\): \.\.\/named-fine\.js is named 'fine'/);
    expect((await inSet('list', 'machines')).stdout).toMatch(/^my-haswell [\s\S]*^my-server /m);
    expect((await inSet('show', 'scenario', 'my-munmap')).exitCode).toBe(0);
  });

  it('may hold a strategy that hangs: it is its row', async () => {
    const { exitCode, stdout } = await inSet('compare', '--strategy', 'stuck,sync', '--threads', '1');
    expect(exitCode).toBe(3);
    expect((JSON.parse(stdout) as ResultDocument).rows).toMatchObject([
      { strategy: 'stuck', error: { code: 'PLUGIN_HANGS', hook: 'create' } },
      { strategy: 'sync', status: 'ok' },
    ]);
  });

  it.each([
    ['taken', "there is a machine named 'haswell' already", 'INVALID_CONFIG', 2],
    ['wrong', 'machines[0] of shootdown.config.json is no machine profile', 'INVALID_PROFILE', 2],
    ['stuck', 'shootdown.config.js neither yielded nor returned', 'PLUGIN_HANGS', 3],
  ])('is refused when it is %s', async (name, text, code, exitCode) => {
    const result = await inFolder(`${folder}/${name}`, ['list', 'machines', '--plugin-seconds', '5']);
    expect(result).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(text) });
    expect(result.stderr).toContain(`error ${code} (exit ${exitCode})`);
  });
});
