import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './fixtures/laboratory.js';

describe('list and show', () => {
  it('lists names with summaries, in columns or as data', async () => {
    expect((await cli(['list', 'machines'])).stdout).toBe(
      'haswell  the machine haswell\nserver   the machine server\n',
    );
    expect(JSON.parse((await cli(['list', 'machines', '--format', 'json'])).stdout)).toEqual([
      { name: 'haswell', summary: 'the machine haswell' },
      { name: 'server', summary: 'the machine server' },
    ]);
  });

  it('shows one thing with its tables, or as data', async () => {
    const text = 'sync: the strategy sync\n\nkind  strategy\n\nparameters\nname          value\ninvlpgCycles  115\n';
    expect((await cli(['show', 'strategy', 'sync'])).stdout).toBe(text);
    expect(JSON.parse((await cli(['show', 'strategy', 'sync', '--format=json'])).stdout)).toEqual({
      kind: 'strategy',
      name: 'sync',
    });
  });
});

describe('validate', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'validate '));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const validate = (text: string) => {
    const path = join(folder, 'file.json');
    writeFileSync(path, text);
    return cli(['validate', path]);
  };

  it('names a valid file', async () => {
    expect(await validate('{"name":"mine"}')).toMatchObject({
      exitCode: 0,
      stdout: `${join(folder, 'file.json')}: valid machine profile mine\n`,
    });
  });

  it('tells the line and column of bad JSON', async () => {
    expect(await validate('{\n  "name": oops\n}')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('file.json:2:11: not valid JSON'),
    });
    expect(await validate('{\n  "name":')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('file.json:2:10: not valid JSON'),
    });
  });

  it('passes on what the laboratory finds wrong', async () => {
    expect(await validate('{}')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('error INVALID_PROFILE (exit 2)'),
    });
  });
});

describe('help and version', () => {
  it.each([[['--help']], [['-h']], [['compare', '--help']], [['show', 'machine', '-h']]])(
    'shows usage for %j',
    async (words) => {
      const { exitCode, stdout, stderr } = await cli(words);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain('USAGE shootdown');
    },
  );

  it('explains every option of compare', async () => {
    const { stdout } = await cli(['compare', '--help']);
    const options = [
      'machine',
      'scenario',
      'strategy',
      'threads',
      'pages',
      'iterations',
      'seed',
      'format',
      'output',
      'allow-unsafe',
      'host-facts',
    ];
    expect(options.filter((option) => !stdout.includes(`--${option}`))).toEqual([]);
  });

  it('prints the version alone', async () => {
    expect(await cli(['--version'])).toEqual({ exitCode: 0, stdout: '9.9.9\n', stderr: '' });
  });
});
