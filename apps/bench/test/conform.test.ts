import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentValidator } from '@shootdown/host';
import { builtInStrategies, type ConformDocument, makeLaboratory, runComparison } from 'shootdown';
import { describe, expect, it } from 'vitest';
import { exitCodeOfConform } from '../src/commands/conform.js';
import { cli, type Outcomes } from './fixtures/laboratory.js';

const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
const whole = 'conformance';
const schema = JSON.parse(
  readFileSync(new URL('../schema/conformance-1.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = documentValidator<object>({ noun: whole, whole, code: 'INVALID_FILE', schema, problems: () => [] });
/** The document, after it has fulfilled its schema. */
const documentOf = (text: string): ConformDocument => {
  const document = JSON.parse(text) as ConformDocument;
  expect(validate(document, whole)).toEqual(document);
  return document;
};
const conform = (...words: readonly string[]): Promise<Outcomes> => cli(['conform', ...words], { laboratory });

const OUTCOME = { id: 'a', name: 'a: b', anchor: '#a', tier: 'quick', status: 'passed', seconds: null };
const DOCUMENT = {
  ...{ schemaVersion: 1, kind: 'conformance', tool: { name: 't', version: '1' }, commandLine: '', strategy: 's' },
  ...{ options: {}, tier: 'quick', cases: [] },
};

/** A module of a stranger whose flush does this: by default, nothing. */
const idler = (flush = ''): string => returning(`{ *flush() { ${flush} } }`);

/** A module of a stranger whose `create` returns this. */
function returning(hooks: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'conform ')), 'idler.mjs');
  writeFileSync(
    file,
    `export default { [Symbol.for('@shootdown/plugin/strategy')]: 1, apiVersion: 1, name: 'idler', title: 'T', summary: 'S.', references: [],
       optionsSchema: { type: 'object', additionalProperties: false, properties: {} }, create: () => (${hooks}) };`,
  );
  return file;
}

describe('conform', { timeout: 60_000 }, () => {
  it('tells every case of a built-in strategy, and why one is left out', async () => {
    const { exitCode, stdout, stderr } = await conform(
      'scoreboard',
      '--case',
      'manifest,cpus.1,contract.free-table.user',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^manifest +passed$/m);
    expect(stdout).toMatch(
      /^contract.free-table.user +left out: the manifest gives no guarantee for freed page tables$/m,
    );
    expect(stdout).toContain('2 passed, 0 failed, 1 left out');
  });

  it('loads a strategy by its path, and ends with 4 when it violates the contract', async () => {
    const file = idler();
    const words = [file, '--case', 'manifest,contract.unmap.user', '--format', 'json'];
    const { exitCode, stdout } = await conform(...words);
    expect(exitCode).toBe(4);
    expect(documentOf(stdout)).toMatchObject({
      kind: 'conformance',
      strategy: file,
      cases: [
        { id: 'manifest', status: 'passed' },
        {
          status: 'failed',
          error: { code: 'CONTRACT_VIOLATED', message: expect.stringContaining(`--strategy '${file}'`) },
        },
      ],
    });
    expect((await conform(...words)).stdout).toBe(stdout);
  });

  it('ends a strategy that hangs: its case fails, and is the last one', async () => {
    const cases = 'manifest,cpus.1,contract.unmap.user';
    const words = [idler('for (;;);'), '--case', cases, '--plugin-seconds', '3', '--format', 'json'];
    const { exitCode, stdout } = await conform(...words);
    expect(exitCode).toBe(3);
    expect(documentOf(stdout).cases).toMatchObject([
      { id: 'manifest', status: 'passed' },
      { id: 'cpus.1', status: 'failed', error: { code: 'PLUGIN_HANGS', message: expect.stringContaining('flush') } },
    ]);
  });

  it('tells seconds only when host facts are asked for', async () => {
    const words = ['scoreboard', '--case', 'manifest,cpus.1,contract.free-table.user'];
    const without = documentOf((await conform(...words, '--format', 'json')).stdout);
    expect(without.cases.map(({ status, seconds }) => [status, seconds])).toEqual([
      ['passed', null],
      ['passed', null],
      ['left out', null],
    ]);
    const { cases } = documentOf((await conform(...words, '--format', 'json', '--host-facts')).stdout);
    expect(cases.find(({ id }) => id === 'cpus.1')?.seconds).toBeGreaterThan(0);
    expect((await conform(...words)).stdout).not.toContain('seconds');
    expect((await conform(...words, '--host-facts')).stdout).toMatch(
      /^case +seconds +outcome\nmanifest +0\.0 +passed$/m,
    );
  });

  it.each([
    ['another version', { schemaVersion: 2 }],
    ['an unknown member', { extra: 1 }],
    ['a failed case without error', { cases: [{ ...OUTCOME, status: 'failed' }] }],
    ['a passed case with an error', { cases: [{ ...OUTCOME, error: { code: 'CASE_CUT', message: 'm' } }] }],
    ['a case that is left out without reason', { cases: [{ ...OUTCOME, status: 'left out' }] }],
  ])('has a schema that refuses %s', (_, change) => {
    expect(validate({ ...DOCUMENT, cases: [OUTCOME] }, whole)).toMatchObject({ kind: 'conformance' });
    expect(() => validate({ ...DOCUMENT, ...change }, whole)).toThrow('is no conformance');
  });

  it.each([
    ['undefined', 'create() must return an object of hooks'],
    ['Promise.resolve({ *flush() {} })', 'create() must return an object of hooks'],
    ["{ get flush() { throw new Error('no'); } }", 'flush is a getter'],
    ['{ async flush() {} }', 'flush must be a generator function'],
  ])('refuses %s in place of hooks, in every case for one reason', async (hooks, problem) => {
    const { exitCode, stdout } = await conform(returning(hooks), '--case', 'inputs.frozen,determinism.twice,cpus.1');
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining(problem)]);
    expect(stdout.match(/^ {2}seen: /gm)).toHaveLength(1);
  });

  it('tells a reason that several cases fail for once', async () => {
    const { stdout } = await conform(idler('yield 5;'), '--case', 'manifest,cpus.1,cpus.2');
    expect(stdout.match(/^NOT_AN_OP: /gm)).toHaveLength(1);
    expect(stdout).toMatch(/^ {2}seen also in: cpus\.2$/m);
    expect(stdout).toContain('1 passed, 2 failed');
  });

  it('takes options of the strategy', async () => {
    const words = ['async-inline', '--options', '{"ack":"none"}', '--case', 'contract.reclaim.user'];
    const { exitCode, stdout } = await conform(...words);
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`--strategy 'async-inline{"ack":"none"}'`);
  });

  it.each([
    [['./nothing-here.js'], 'MODULE_NOT_FOUND'],
    [['sync', '--tier', 'slow'], 'INVALID_ARGUMENT'],
    [['sync', '--case', 'contract.warp'], 'INVALID_ARGUMENT'],
    [['sync', '--options', '[1]'], 'INVALID_ARGUMENT'],
    [['sync', '--options', '{'], 'INVALID_ARGUMENT'],
    [['what?'], 'UNKNOWN_STRATEGY'],
    [['snyc'], 'UNKNOWN_STRATEGY'],
    [['async-inline{"ack":"late"}'], 'INVALID_ARGUMENT'],
    [['async-inline', '--options', '{"ack":"x"}', '--case', 'cpus.1'], 'INVALID_OPTIONS'],
    [['sync', '--options', '{"__proto__":1}', '--case', 'cpus.1'], 'INVALID_OPTIONS'],
    [['@me/gone'], 'MODULE_NOT_FOUND'],
    [['sync', '--plugin-seconds', 'x'], 'INVALID_ARGUMENT'],
  ])('%j is refused: %s', async (words, code) => {
    const { stdout, stderr } = await conform(...words);
    expect(stdout).toBe('');
    expect(stderr).toContain(`error ${code}`);
  });

  it('ends with the worst of its cases', () => {
    const failed = (code: 'CONTRACT_VIOLATED' | 'CASE_CUT' | 'NOT_CONFORMING' | 'NONDETERMINISM') =>
      ({ id: '', name: '', anchor: '', tier: 'quick', status: 'failed', error: { code, message: '' } }) as const;
    const [unsafe, cut, wrong, random] = ['CONTRACT_VIOLATED', 'CASE_CUT', 'NOT_CONFORMING', 'NONDETERMINISM'] as const;
    expect(exitCodeOfConform([cut, wrong, random, unsafe].map(failed))).toBe(4);
    expect(exitCodeOfConform([cut, wrong, random].map(failed))).toBe(7);
    expect(exitCodeOfConform([cut, wrong].map(failed))).toBe(3);
    expect(exitCodeOfConform([failed(cut)])).toBe(5);
    expect(exitCodeOfConform([])).toBe(0);
  });
});
