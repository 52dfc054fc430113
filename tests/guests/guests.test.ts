import { rmSync } from 'node:fs';
import type { ResultDocument } from '@shootdown/reporter';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../packages/host/test/loader/modules.js';
import { commandLine } from '../kit/command-line.js';
import { inFolder, MODULES, withMine } from './strangers.js';

const folder = folderOf(MODULES);
afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = ['--threads', '2', '--iterations', '5', '--format', 'json', '--allow-unsafe'];

/** Documents differ in how their commands name the strategy, and in nothing else. */
const asMine = (text: string): string => text.replaceAll('./mine.js', 'mine');

describe('a strategy given by path runs in a thread', { timeout: 60_000 }, () => {
  it.each([
    ['compare', ['--strategy', 'sync', '--strategy', 'MINE', '--strategy', 'MINE{"ack":"none"}', ...SMALL]],
    ['check', ['--strategy', 'MINE{"ack":"none"}', '--scenario', 'unmap', '--format', 'json', '--allow-unsafe']],
  ])('and %s gives the same bytes as in this one', async (command, words) => {
    const asked = (name: string): string[] => [command, ...words.map((word) => word.replace('MINE', name))];
    const inThread = await inFolder(folder, asked('./mine.js'));
    const here = await commandLine(asked('mine'), withMine);
    expect(here).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"violated"') });
    expect({ ...inThread, stdout: asMine(inThread.stdout) }).toEqual(here);
  });

  it('and fails when it hangs, while the others run', async () => {
    const words = ['compare', '--strategy', './hangs.js,sync', '--plugin-seconds', '4', ...SMALL];
    const { exitCode, stdout, stderr } = await inFolder(folder, words);
    const { rows, manifest } = JSON.parse(stdout) as ResultDocument;
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(rows).toMatchObject([
      { strategy: 'hangs', status: 'failed', error: { code: 'PLUGIN_HANGS', strategy: 'hangs', hook: 'flush' } },
      { strategy: 'sync', status: 'ok' },
    ]);
    expect(manifest.commandLine).toMatch(/--strategy \.\/hangs\.js .* --plugin-seconds 4$/);
  });
});

describe('names', () => {
  it('of the laboratory are never looked up among packages', async () => {
    const { exitCode, stdout } = await inFolder(folder, ['compare', '--strategy', 'sync', ...SMALL]);
    expect({ exitCode, rows: (JSON.parse(stdout) as ResultDocument).rows.length }).toEqual({ exitCode: 0, rows: 1 });
  });

  it('of a package that is there and cannot be used is no misspelt name', async () => {
    const { stderr } = await inFolder(folder, ['show', 'strategy', 'hollow']);
    expect(stderr).toMatch(/^error MODULE_NOT_FOUND \(exit 3\): hollow is not found: its package does not export it/);
  });

  it.each(['show strategy', 'compare --strategy', 'conform'])('of files need a dot before %s', async (words) => {
    const { exitCode, stderr } = await inFolder(folder, [...words.split(' '), 'fine.js']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/UNKNOWN_STRATEGY .* For the file of this name write \.\/fine\.js\./),
    ]);
  });

  it('of files may have any characters', async () => {
    const { stdout } = await inFolder(folder, ['show', 'strategy', './with blank/ünï #1 100%.js']);
    expect(stdout).toMatch(/^spaced: S\./);
  });

  it('that nobody bears are refused before anything runs', async () => {
    const result = await inFolder(folder, ['compare', '--strategy', 'shootdown-fra', ...SMALL]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('UNKNOWN_STRATEGY') });
  });
});
