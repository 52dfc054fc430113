import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInStrategies, makeLaboratory, runComparison } from 'shootdown';
import { describe, expect, it } from 'vitest';
import { exitCodeOfConform } from '../src/commands/conform.js';
import { cli, type Outcomes } from './fixtures/laboratory.js';

const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
const conform = (...words: readonly string[]): Promise<Outcomes> => cli(['conform', ...words], { laboratory });

/** A module of a stranger whose flush does this: by default, nothing. */
function idler(flush = ''): string {
  const file = join(mkdtempSync(join(tmpdir(), 'conform ')), 'idler.mjs');
  writeFileSync(
    file,
    `export default { [Symbol.for('@shootdown/plugin/strategy')]: 1, apiVersion: 1, name: 'idler', title: 'T', summary: 'S.', references: [],
       optionsSchema: { type: 'object', additionalProperties: false, properties: {} }, create: () => ({ *flush() { ${flush} } }) };`,
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
    expect(JSON.parse(stdout)).toMatchObject({
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
    expect(JSON.parse(stdout).cases).toMatchObject([
      { id: 'manifest', status: 'passed' },
      { id: 'cpus.1', status: 'failed', error: { code: 'PLUGIN_HANGS', message: expect.stringContaining('flush') } },
    ]);
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
