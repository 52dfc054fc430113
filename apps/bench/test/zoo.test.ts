import { PassThrough } from 'node:stream';
import { documentValidator } from '@shootdown/host';
import { zooSchema } from '@shootdown/zoo';
import { builtInStrategies, makeLaboratory, runCli, runComparison } from 'shootdown';
import { describe, expect, it } from 'vitest';

const run = (...words: string[]): ReturnType<typeof command> => command('zoo', ...words);

async function command(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
  const code = await runCli(words, { stdout, stderr, environment: {} }, laboratory);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
const validate = documentValidator<{ rows: object[] }>({
  noun: 'document of the zoo',
  whole: 'the document',
  code: 'INVALID_FILE',
  schema: zooSchema,
  problems: () => [],
});

describe('zoo', () => {
  it('runs both variants of the entries asked for, as a document of its schema', async () => {
    const { code, stdout } = await run('--entry', 'Z9,z19', '--format', 'json');
    const document = validate(JSON.parse(stdout), 'stdout');
    expect(code).toBe(0);
    expect(document.rows).toMatchObject([
      { id: 'Z9', variant: 'buggy', expected: 'C3', verdict: 'violated', contract: 'C3', ok: true },
      { id: 'Z9', variant: 'fixed', expected: 'clean', verdict: 'clean', contract: null, ok: true },
      { id: 'Z19', variant: 'buggy', expected: 'C5', verdict: 'violated', contract: 'C5', ok: true },
      { id: 'Z19', variant: 'fixed', expected: 'clean', verdict: 'clean', contract: null, ok: true },
    ]);
  }, 20_000);

  it('prints a line per entry and what is not expressed', async () => {
    const { stdout } = await run('--entry', 'Z19');
    expect(stdout).toMatch(/^Z19 +separate +C5 +C5 used +14 +clean +flush, then switch$/m);
    expect(stdout).toMatch(/^ {2}Z31 large-page split/m);
    expect(stdout).toMatch(/^2 of 2 variants are as expected; check without options catches \d+ of the \d+ that/m);
  });

  it('ends with 5 when what is found is not what was expected', async () => {
    const { code, stdout } = await run('--entry', 'Z9', '--max-states', '10');
    expect([code, /inconclusive UNEXPECTED/.test(stdout)]).toEqual([5, true]);
  });

  it('shows source, expectation, cells and the diff of an entry', async () => {
    const { code, stdout } = await run('--show', 'z11');
    expect(code).toBe(0);
    expect(stdout).toContain('replaces contextSwitch, under sync');
    expect(stdout).toContain('expected: C1.');
    expect(stdout).toContain('learnt: Both ways exist.');
    expect(stdout).toContain('no cell of `check` without options finds it');
    expect(stdout).toMatch(/^-+ packages\/kernel\/src\/programs\/schedule\.ts$/m);
    expect(stdout).toMatch(/^- +yield\* cpu\.disableInterrupts\(\);$/m);
  });

  it.each([
    ['Z99', 'The zoo has no entry "Z99"'],
    ['Z31', 'the machine has one page size'],
  ])('refuses %s and says why', async (id, reason) => {
    const { code, stderr } = await run('--show', id);
    expect([code, stderr.includes(reason)]).toEqual([2, true]);
  });
});

describe('replay of an entry', () => {
  it('explores the bug and shows the shortest way to it, as steps, as Mermaid and as data', async () => {
    const [table, mermaid, json] = await Promise.all([
      command('replay', 'z19'),
      command('replay', 'Z19', '--format', 'mermaid'),
      command('replay', 'Z19', '--format', 'json'),
    ]);
    expect(table.stdout).toMatch(/^Z19, .*: \d+ moves\.\n[\s\S]*✗ .*C5 used: /);
    expect(mermaid.stdout).toMatch(/^sequenceDiagram/);
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'Z19', violation: { contract: 'C5' } });
  });

  it('refuses what the zoo has not', async () => {
    const { code, stderr } = await command('replay', 'Z99');
    expect([code, stderr.includes('The zoo has no entry "Z99"')]).toEqual([2, true]);
  });
});
