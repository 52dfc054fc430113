import { rmSync } from 'node:fs';
import type { CheckDocument } from 'shootdown';
import type { ResultDocument } from '@shootdown/reporter';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../packages/host/test/loader/modules.js';
import { commandLine } from '../kit/command-line.js';
import { inFolder, MODULES, withMine } from './strangers.js';

const folder = folderOf(MODULES);
afterAll(() => rmSync(folder, { recursive: true }));

/** Module, name of its rows, code, place, and what the message says. */
const FAULTS: readonly (readonly [file: string, name: string, code: string, hook: string | undefined, text: string])[] =
  [
    ['./hangs.js', 'hangs', 'PLUGIN_HANGS', 'flush', 'the code that began last is flush'],
    ['./hangs-in-create.js', 'hangs-in-create', 'PLUGIN_HANGS', 'create', 'within 5 s'],
    ['./hangs-at-import.js', './hangs-at-import.js', 'PLUGIN_HANGS', 'import', '--plugin-seconds raises the limit'],
    ['./prints.js', 'prints', 'PLUGIN_PRINTED', undefined, '"hel\\u001b[2Jlo"'],
    ['./prints-at-import.js', './prints-at-import.js', 'PLUGIN_PRINTED', undefined, '"here I am"'],
    ['./exits.js', 'exits', 'PLUGIN_STOPPED', 'flush', 'ended its thread'],
    ['./rejects.js', 'rejects', 'PLUGIN_STOPPED', 'flush', 'out of line'],
    ['./throws.js', 'throws', 'PLUGIN_THREW', undefined, 'RangeError: no\u001b[2J target'],
    ['./changes.js', 'changes', 'CHANGED_INPUT', undefined, 'What a strategy is handed is frozen'],
    ['./named-sync.js', './named-sync.js', 'DUPLICATE_NAME', undefined, 'the name of a strategy of the laboratory'],
    ['./named-fine.js', './named-fine.js', 'DUPLICATE_NAME', undefined, 'the name of another strategy that is loaded'],
    ['./needs-hardware.js', 'needs-hardware', 'MISSING_HARDWARE', undefined, "machine 'haswell' lacks"],
    ['./gone.js', './gone.js', 'MODULE_NOT_FOUND', undefined, 'there is no such file'],
    ['@me/gone', '@me/gone', 'MODULE_NOT_FOUND', undefined, 'no such package is installed'],
    ['./throws-at-import.js', './throws-at-import.js', 'IMPORT_FAILED', 'import', 'RangeError: no table'],
    ['./empty.js', './empty.js', 'NOT_A_STRATEGY', undefined, 'exports nothing'],
    ['./two.js', './two.js', 'SEVERAL_STRATEGIES', undefined, 'exports 2 strategies: a, b'],
    ['./copy.js', './copy.js', 'PLUGIN_COPY', undefined, 'npm ls @shootdown/plugin'],
    ['./version.js', './version.js', 'API_VERSION', undefined, 'contract version 2'],
    ['./schema.js', './schema.js', 'OPTIONS_SCHEMA', undefined, 'does not compile'],
    ['./defaults.js', './defaults.js', 'OPTIONS_DEFAULTS', undefined, 'a must be integer'],
  ];

const named = FAULTS.map(([file]) => file).join(',');
const LIMIT = ['--plugin-seconds', '5', '--allow-unsafe'];
const errorOf = ([, name, code, hook, text]: (typeof FAULTS)[number]): object => ({
  code,
  strategy: name,
  ...(hook === undefined ? {} : { hook }),
  message: expect.stringContaining(text),
});

describe('what strangers do wrong is their rows, and the others run', { timeout: 300_000 }, () => {
  it('in a comparison', async () => {
    const words = ['compare', '--strategy', `sync,./fine.js,${named},concurrent`, ...LIMIT, '--threads', '1'];
    const result = await inFolder(folder, [...words, '--iterations', '5', '--format', 'json']);
    const { rows } = JSON.parse(result.stdout) as ResultDocument;
    expect({ ...result, stdout: '' }).toEqual({ exitCode: 3, stdout: '', stderr: '' });
    expect(rows).toMatchObject([
      { strategy: 'sync', status: 'ok' },
      { strategy: 'fine', status: 'ok' },
      ...FAULTS.map((fault) => ({ strategy: fault[1], status: 'failed', error: errorOf(fault) })),
      { strategy: 'concurrent', status: 'ok' },
    ]);
    expect(result.stdout).not.toContain(folder);
  });

  it('in a table, which shows no control character', async () => {
    const words = ['compare', '--strategy', 'sync,./throws.js,./prints.js', '--threads', '1', '--iterations', '5'];
    const { stdout } = await inFolder(folder, words);
    expect(stdout).toContain('failed with PLUGIN_THREW');
    expect(stdout).not.toContain('\u001b');
  });

  it('in a check', async () => {
    // Hardware is what a timed machine has; the exploring driver gives every strategy what it requires.
    const faults = FAULTS.filter(([, , code]) => code !== 'MISSING_HARDWARE');
    const names = faults.map(([file]) => file).join(',');
    const words = ['check', '--strategy', `./fine.js,${names}`, '--scenario', 'unmap', '--format', 'json', ...LIMIT];
    const { exitCode, stdout } = await inFolder(folder, words);
    const { rows } = JSON.parse(stdout) as CheckDocument;
    expect(exitCode).toBe(3);
    expect(rows[0]).toMatchObject({ strategy: 'fine', verdict: 'violated' });
    expect(rows.slice(1)).toMatchObject(faults.map((fault) => ({ strategy: fault[1], error: errorOf(fault) })));
  });

  it('in an explanation, which ends with it', async () => {
    const { exitCode, stdout, stderr } = await inFolder(folder, ['explain', './hangs.js', ...LIMIT]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^error PLUGIN_HANGS \(exit 3\): \.\/hangs\.js neither/);
  });
});

describe('a strategy given by path or package', { timeout: 300_000 }, () => {
  it('is explained with the same bytes in a thread', async () => {
    const limits = ['--scenario', 'unmap', '--targets', 'user', '--max-states', '3000'];
    const words = [...limits, '--format', 'json', '--allow-unsafe'];
    const inThread = await inFolder(folder, ['explain', './mine.js{"ack":"none"}', ...words]);
    const here = await commandLine(['explain', 'mine{"ack":"none"}', ...words], withMine);
    expect(here.exitCode).toBe(0);
    expect({ ...inThread, stdout: inThread.stdout.replaceAll('./mine.js', 'mine') }).toEqual(here);
  });

  it('is needed where a counterexample of it is replayed', async () => {
    const words = ['--strategy', './mine.js{"ack":"none"}', '--scenario', 'unmap', '--format', 'json'];
    const checked = await inFolder(folder, ['check', ...words, '--allow-unsafe', '--output', `${folder}/found.json`]);
    expect(checked.exitCode).toBe(0);
    const replayed = await inFolder(folder, ['replay', `${folder}/found.json`, '--strategy', './mine.js']);
    expect(replayed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^mine\{"ack":"none".*\}, unmap, under/),
    });
    const unnamed = await inFolder(folder, ['replay', `${folder}/found.json`]);
    expect(unnamed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('UNKNOWN_STRATEGY') });
  });

  it('is shown, and a package is named with its version in a result', async () => {
    const shown = await inFolder(folder, ['show', 'strategy', 'shootdown-far']);
    expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^far: S\./) });
    const words = ['--threads', '1', '--iterations', '5', '--format', 'json', '--allow-unsafe'];
    const { stdout } = await inFolder(folder, ['compare', '--strategy', 'shootdown-far', ...words]);
    expect((JSON.parse(stdout) as ResultDocument).manifest.packages).toMatchObject({ 'shootdown-far': '1.2.3' });
  });

  it('does not hang where an exploration makes moves that it has made before', async () => {
    const words = ['conform', './mine.js', '--case', 'contract.protect.user.two-initiators', '--plugin-seconds', '3'];
    const { exitCode, stdout } = await inFolder(folder, words);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 passed')]);
  });

  it('may write to stderr, where control characters are shown', async () => {
    const words = ['--threads', '1', '--iterations', '2', '--format', 'json', '--allow-unsafe'];
    const { exitCode, stdout, stderr } = await inFolder(folder, ['compare', '--strategy', './complains.js', ...words]);
    expect((JSON.parse(stdout) as ResultDocument).rows).toMatchObject([{ status: 'ok' }]);
    expect(exitCode).toBe(0);
    expect(new Set(stderr.trimEnd().split('\n'))).toEqual(new Set(['look here']));
  });
});
