import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineProfile } from '@shootdown/core';
import { findScenario } from '@shootdown/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from './kit/command-line.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shootdown bad input '));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file in the scratch folder. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

type Case = readonly [words: readonly string[], code: string, text: string];

const requests: readonly Case[] = [
  [['--strategy', 'snyc'], 'UNKNOWN_STRATEGY', 'Did you mean sync?'],
  [['--machine', 'hasswell'], 'UNKNOWN_MACHINE', 'Did you mean haswell?'],
  [['--scenario', 'madvice'], 'UNKNOWN_SCENARIO', 'Did you mean madvise?'],
  [['--strategy', 'async-inline{"ack":"maybe"}'], 'INVALID_OPTIONS', 'allowed values: early, late, none'],
  [['--strategy', 'async-inline{"ak":"late"}'], 'INVALID_OPTIONS', 'Did you mean ack?'],
  [['--strategy', 'async-inline{"ack":late}'], 'INVALID_ARGUMENT', 'bad JSON at character 20'],
  [['--strategy', 'async-inline{"ack":"early"},sync'], 'INVALID_ARGUMENT', 'bad JSON at character 28'],
  [['--strategy', 'async-inline', '--strategy', 'async-inline{"ack":"early"}'], 'INVALID_ARGUMENT', 'asked for twice'],
  [['--threads', '1,64'], 'TOO_MANY_THREADS', "64 threads on machine 'haswell', which has 4 CPUs"],
  [['--machine', 'skylake-2s', '--threads', '57'], 'TOO_MANY_THREADS', 'which has 56 CPUs'],
  [['--machine', 'server', '--threads', '1025'], 'TOO_MANY_THREADS', '1024 CPUs'],
  [['--pages', '40000'], 'INVALID_ARGUMENT', 'ask for at most 32768 pages'],
  [['--machine', 'server', '--threads', '1024', '--pages', '5000'], 'INVALID_ARGUMENT', 'at most 4096 pages'],
];

describe('compare refuses what cannot be compared: one coded error, exit 2, no output file', () => {
  it.each(requests)('%j', async (words, code, text) => {
    const output = join(folder, 'result.json');
    const result = await commandLine(['compare', ...words, '--format', 'json', '--output', output]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(text) });
    expect(result.stderr.match(/^error [A-Z_]+ \(exit \d\)/gm)).toEqual([`error ${code} (exit 2)`]);
    expect(readdirSync(folder)).not.toContain('result.json');
  });

  it.each([
    ['a directory', () => folder, 'is a directory; name a file in it'],
    ['in no directory', () => join(folder, 'none', 'x'), 'is not a directory; create it first'],
    ['below a file', () => join(file('plain', ''), 'x'), 'cannot be written'],
  ])('an output that is %s', async (_, path, text) => {
    const result = await commandLine(['compare', '--output', path()]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(text) });
    expect(result.stderr).toContain('error INVALID_OUTPUT (exit 2)');
  });
});

const haswell = machineProfile('haswell');
const madvise = findScenario('madvise');
const files: readonly [name: string, text: string, code: string, message: string][] = [
  ['json', '{\n  "topology": nil\n}', 'INVALID_FILE', ':2:15: not valid JSON'],
  ['cut', '{"topology": {', 'INVALID_FILE', ':1:15: not valid JSON'],
  ['kind', '[]', 'INVALID_FILE', 'neither a machine profile'],
  [
    'topology',
    JSON.stringify({ ...haswell, topology: { ...haswell.topology, sockets: 0 } }),
    'INVALID_PROFILE',
    'topology.sockets',
  ],
  ['extra', JSON.stringify({ ...haswell, colour: 'red' }), 'INVALID_PROFILE', 'colour'],
  ['operation', JSON.stringify({ ...madvise, operation: 'fly' }), 'INVALID_SCENARIO', 'operation must be'],
  ['name', JSON.stringify({ ...madvise, name: 'a\u001b[2Jb' }), 'INVALID_SCENARIO', 'name must match'],
];

describe('validate judges a file', () => {
  it.each(files)('%s', async (name, text, code, message) => {
    const path = file(`${name}.json`, text);
    const { exitCode, stdout, stderr } = await commandLine(['validate', path]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error ${code} (exit 2): ${path}`);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('\u001b');
  });

  it('accepts what the laboratory itself ships', async () => {
    for (const [kind, content] of [
      ['machine profile haswell', haswell],
      ['scenario madvise', madvise],
    ] as const) {
      const path = file('good.json', JSON.stringify(content));
      const { exitCode, stdout } = await commandLine(['validate', path]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${path}: valid ${kind}\n` });
    }
  });

  it('refuses a file that is not there', async () => {
    const result = await commandLine(['validate', join(folder, 'none.json')]);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('error INVALID_FILE (exit 2)') });
  });
});

describe('an output file', () => {
  it('holds the bytes that stdout would have had, and nothing lies beside it', async () => {
    const path = join(folder, 'whole.json');
    const words = ['compare', '--strategy', 'sync', '--threads', '1', '--iterations', '5', '--format', 'json'];
    const toFile = await commandLine([...words, '--output', path]);
    const toStdout = await commandLine(words);
    expect(toFile).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe(toStdout.stdout);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
