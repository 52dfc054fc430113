import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ShootdownError } from '@shootdown/core';
import type { ResultDocument } from '@shootdown/reporter';
import type { ComparisonRequest } from 'shootdown';
import { cli, fakeComparison, fakeLaboratory, type Outcome } from './fixtures/laboratory.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The request that a command line becomes. */
async function requestOf(...words: string[]): Promise<ComparisonRequest> {
  const requests: ComparisonRequest[] = [];
  const laboratory = fakeLaboratory((request, onProgress) => {
    requests.push(request);
    return fakeComparison()(request, onProgress);
  });
  const { stderr } = await cli(['compare', ...words], { laboratory });
  if (requests[0] === undefined) throw new Error(`No request was made: ${stderr}`);
  return requests[0];
}

const withOutcome = (outcome: Outcome) => ({ laboratory: fakeLaboratory(fakeComparison(outcome)) });

describe('request', () => {
  it('has the comparison of the thread as its default, with the broken protocol beside it', async () => {
    expect(await requestOf()).toEqual({
      machine: 'haswell',
      scenario: 'madvise',
      strategies: [
        { name: 'sync', options: {} },
        { name: 'concurrent', options: {} },
        { name: 'async-inline', options: {} },
        { name: 'async-inline', options: { ack: 'none' } },
      ],
      threads: [1, 2, 4],
      pages: undefined,
      iterations: undefined,
      seed: 1,
      commandLine:
        'shootdown compare --machine haswell --scenario madvise --strategy sync --strategy concurrent --strategy async-inline --strategy \'async-inline{"ack":"none"}\' --threads 1,2,4 --seed 1',
      guests: { strategies: [], machines: [], scenarios: [] },
    });
  });

  it('takes every option', async () => {
    const words = [
      '--machine',
      'server',
      '--scenario=munmap',
      '--strategy',
      'concurrent,sync',
      '--strategy',
      'async-inline{"ack":"late"}',
    ];
    const request = await requestOf(
      ...words,
      '--threads',
      '2,8',
      '--pages',
      '1,10',
      '--iterations',
      '50',
      '--seed',
      '0',
    );
    expect(request).toMatchObject({
      machine: 'server',
      scenario: 'munmap',
      threads: [2, 8],
      pages: [1, 10],
      iterations: 50,
      seed: 0,
    });
    expect(request.strategies.map(({ name }) => name)).toEqual(['concurrent', 'sync', 'async-inline']);
  });

  it('has a command line that makes the same request and holds no path', async () => {
    const request = await requestOf(
      '--strategy',
      'async-inline{"freedTables":"early", "ack":"late"}',
      '--iterations',
      '5',
      '--output',
      join(folder, 'x'),
    );
    expect(request.commandLine).not.toContain(folder);
    const words = request.commandLine
      .split(' ')
      .slice(2)
      .map((word) => word.replaceAll("'", ''));
    expect(await requestOf(...words)).toEqual(request);
  });
});

describe('exit code', () => {
  const run = async (outcome: Outcome, ...words: string[]) =>
    (await cli(['compare', ...words], withOutcome(outcome))).exitCode;

  it('is 4 when the contract is violated, and 0 when that is allowed', async () => {
    expect(await cli(['compare'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('async-inline{"ack":"none"}; --allow-unsafe accepts it'),
    });
    expect(await cli(['compare', '--allow-unsafe'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is 0 when all is clean', async () => {
    expect(await run(() => 'clean')).toBe(0);
  });

  it('puts unsafe before failed, and failed is not excused by --allow-unsafe', async () => {
    const both: Outcome = ({ name }) => (name === 'sync' ? 'failed' : 'violated');
    expect(await run(() => 'failed')).toBe(3);
    expect(await run(both)).toBe(4);
    expect(await run(both, '--allow-unsafe')).toBe(3);
  });

  it.each([
    ['PLUGIN_THREW', 3],
    ['NONDETERMINISM', 7],
    ['TOO_MANY_THREADS', 2],
    ['INTERNAL', 1],
  ] as const)('of a run that ends with %s is %d', async (code, exitCode) => {
    const laboratory = fakeLaboratory(() => Promise.reject(new ShootdownError(code, 'sync did it.')));
    const result = await cli(['compare'], { laboratory });
    expect(result).toMatchObject({
      exitCode,
      stdout: '',
      stderr: expect.stringContaining(`error ${code} (exit ${exitCode}): sync did it.`),
    });
  });

  it('is 1 for an exception nobody meant, with its stack', async () => {
    const laboratory = fakeLaboratory(() => Promise.reject(new TypeError('x is undefined')));
    const { exitCode, stderr } = await cli(['compare'], { laboratory });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error INTERNAL \(exit 1\): x is undefined\n {4}at /);
  });
});

describe('stdout', () => {
  it('carries only the document with --format json', async () => {
    const { stdout, stderr } = await cli(['compare', '--format', 'json', '--allow-unsafe']);
    const document = JSON.parse(stdout) as ResultDocument;
    expect(document.rows).toHaveLength(12);
    expect(document.manifest.host).toBeUndefined();
    expect(stderr).toBe('');
  });

  it('has host facts only when they were asked for', async () => {
    const { stdout } = await cli(['compare', '--format', 'json', '--host-facts', '--allow-unsafe']);
    expect((JSON.parse(stdout) as ResultDocument).manifest.host).toMatchObject({
      node: process.version,
      platform: process.platform,
    });
  });

  it('has the same bytes twice', async () => {
    for (const format of ['table', 'json', 'csv', 'markdown']) {
      const words = ['compare', '--allow-unsafe', '--format', format];
      expect((await cli(words)).stdout).toBe((await cli(words)).stdout);
    }
  });

  it('has colour on a terminal only, and not against NO_COLOR', async () => {
    const esc = '\u001b';
    expect((await cli(['compare'])).stdout).not.toContain(esc);
    expect((await cli(['compare'], { isTty: true })).stdout).toContain(`${esc}[31mUNSAFE`);
    expect((await cli(['compare'], { isTty: true, environment: { NO_COLOR: '1' } })).stdout).not.toContain(esc);
  });
});

describe('progress', () => {
  it('is on stderr of a terminal, with text that cannot steer it', async () => {
    const { stdout, stderr } = await cli(['compare', '--allow-unsafe'], { isTty: true });
    expect(stderr).toContain('1/12 sync');
    expect(stderr).not.toContain('\u001b[2J');
    expect(stdout).not.toContain('1/12');
  });

  it.each([
    ['in CI', { isTty: true, environment: { CI: 'true' } }],
    ['without a terminal', {}],
  ])('is gone %s', async (_, circumstances) => {
    expect((await cli(['compare', '--allow-unsafe'], circumstances)).stderr).toBe('');
  });
});

describe('--output', () => {
  const write = (path: string, circumstances = {}) =>
    cli(['compare', '--allow-unsafe', '--format', 'json', '--output', path], circumstances);

  it('writes the document and nothing to stdout', async () => {
    const path = join(folder, 'result.json');
    expect(await write(path)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schemaVersion: 1 });
    expect(readdirSync(folder)).toEqual(['result.json']);
  });

  it('leaves a present file alone when the run fails', async () => {
    const path = join(folder, 'result.json');
    writeFileSync(path, 'before');
    const laboratory = fakeLaboratory(() => Promise.reject(new ShootdownError('TOO_MANY_THREADS', 'too many')));
    expect((await write(path, { laboratory })).exitCode).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['result.json']);
  });

  it('follows a link', async () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'r.json'), 'before');
    symlinkSync(join(folder, 'real', 'r.json'), join(folder, 'link.json'));
    await write(join(folder, 'link.json'));
    expect(readFileSync(join(folder, 'real', 'r.json'), 'utf8')).toContain('schemaVersion');
  });

  it.each([
    ['a directory', ''],
    ['a path through nothing', 'missing/result.json'],
    ['a name that no file system takes', 'x'.repeat(5000)],
  ])('refuses %s before it simulates', async (_, name) => {
    let runs = 0;
    const laboratory = fakeLaboratory((request, onProgress) => {
      runs += 1;
      return fakeComparison()(request, onProgress);
    });
    const { exitCode, stderr } = await write(join(folder, name), { laboratory });
    expect({ exitCode, runs }).toEqual({ exitCode: 2, runs: 0 });
    expect(stderr).toContain('error INVALID_OUTPUT (exit 2)');
    expect(existsSync(join(folder, 'missing'))).toBe(false);
  });
});
