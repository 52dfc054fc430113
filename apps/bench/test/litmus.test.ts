import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { builtInStrategies, makeLaboratory, runCli, runComparison } from 'shootdown';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'litmus-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'own.json');

async function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
  const code = await runCli(words, { stdout, stderr, environment: {} }, laboratory);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
const SB = {
  id: 'sb',
  title: 'store buffering',
  threads: [{ program: ['store x 1', 'r0 = load y'] }, { program: ['store y 1', 'r1 = load x'] }],
  expected: { sc: { forbidden: ['r0=0 r1=0'] }, tso: { permitted: ['r0=0 r1=0'] } },
};
const save = (...tests: object[]): void =>
  writeFileSync(path, JSON.stringify({ schemaVersion: 1, kind: 'litmus', title: 'own', tests }));

describe('litmus', () => {
  it('runs files of a user, and ends with 5 when one does not show what it must show', async () => {
    save(SB);
    expect(await run('litmus', path)).toMatchObject({ code: 0, stderr: '' });
    save(SB, { ...SB, id: 'wrong', expected: { tso: { forbidden: ['r0=0 r1=0'] } } });
    const { code, stdout } = await run('litmus', path);
    expect(code).toBe(5);
    expect(stdout).toContain('wrong  tso     FAILED');
    expect(stdout).toContain('2 of 3 show what they must show');
  });

  it('refuses what is no file of tests', async () => {
    save({ ...SB, thraeds: [] });
    expect((await run('litmus', path)).stderr).toContain('error INVALID_LITMUS (exit 2)');
    save(SB, SB);
    expect((await run('litmus', path)).stderr).toContain('the id "sb" stands twice');
    save({ ...SB, threads: [{ program: ['stroe x 1'] }] });
    expect(await run('litmus', path)).toMatchObject({ code: 2, stdout: '' });
    expect((await run('litmus', join(folder, 'none.json'))).stderr).toContain('error INVALID_FILE (exit 2)');
  });
});
