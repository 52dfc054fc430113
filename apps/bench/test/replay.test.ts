import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createRegistry, documentValidator } from '@shootdown/host';
import { defineStrategy } from '@shootdown/plugin';
import { builtInStrategies, makeChecks, makeLaboratory, type ReplayDocument, runCli, runComparison } from 'shootdown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
const saved = join(folder, 'check.json');
afterAll(() => rmSync(folder, { recursive: true }));

/** Its flush waits for what nobody does. */
const stuck = defineStrategy({
  apiVersion: 1,
  name: 'stuck',
  title: 'Stuck',
  summary: 'Waits for ever.',
  references: ['this test'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create({ records }) {
    const { done } = records('never', ['done'], 1);
    return {
      *flush(cpu) {
        yield* cpu.waitUntil(done(0), 'equal', 1);
      },
    };
  },
});

async function run(
  words: readonly string[],
  laboratory = makeLaboratory(builtInStrategies.strategies, runComparison),
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(words, { stdout, stderr, environment: {} }, laboratory);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

const validate = documentValidator<ReplayDocument>({
  noun: 'replay',
  whole: 'the replay',
  code: 'INVALID_FILE',
  schema: JSON.parse(readFileSync(new URL('../schema/replay-1.schema.json', import.meta.url), 'utf8')) as object,
  problems: () => [],
});
const document = async (...words: string[]): Promise<ReplayDocument> =>
  validate(JSON.parse((await run(['replay', ...words, '--format', 'json'])).stdout), 'stdout');

beforeAll(async () => {
  const cell = ['--strategy', 'async-inline{"ack":"none"}', '--scenario', 'unmap'];
  writeFileSync(saved, (await run(['check', ...cell, '--format', 'json'])).stdout);
});

describe('a replay in time', { timeout: 60_000 }, () => {
  it('is a document of its schema, with a time for every move, and the same bytes again', async () => {
    for (const what of [saved, 'Z1', 'Z13', 'Z37']) {
      const { timing, trace, machine } = await document(what);
      expect([machine, timing?.moves.length]).toEqual(['haswell', trace.length]);
      expect(timing?.totalNs).toBe(Math.max(...(timing?.moves ?? []).map(({ endNs }) => endNs)));
    }
    expect((await run(['replay', 'Z1'])).stdout).toBe((await run(['replay', 'Z1'])).stdout);
  });

  it('says that the posted bug needs nothing to be late', async () => {
    const { timing } = await document(saved);
    expect(timing?.moves.every(({ heldNs }) => heldNs === 0)).toBe(true);
    expect(timing?.unmade).toEqual([]);
    expect((await run(['replay', saved])).stdout).toContain('No move has to come later than costs explain.');
  });

  it('says what has to be late where that is so, after what', async () => {
    const { stdout } = await run(['replay', 'Z1']);
    expect(stdout).toMatch(/^Later than costs explain, CPU 0 by [\d.]+ ns, CPU 1 by [\d.]+ ns in all:$/m);
    expect(stdout).toMatch(
      /^ +([\d.]+) ns {2}CPU 0, kernel code: +lock xadd mm\[1\]\.tlb_gen \+ 1 +at [\d.]+ ns instead of [\d.]+ ns, after CPU 1: load mm\[1\]\.tlb_gen$/m,
    );
  });

  it('has another time on another machine', async () => {
    const [haswell, milan] = [await document('Z1'), await document('Z1', '--machine', 'milan')];
    expect(milan.machine).toBe('milan');
    expect(milan.timing?.totalNs).not.toBe(haswell.timing?.totalNs);
    expect(Math.min(...(milan.timing?.beginNs ?? []))).toBe(0);
    expect(milan.trace).toEqual(haswell.trace);
  });

  it('stands before the steps, the moves and the notes of a diagram', async () => {
    expect((await run(['replay', saved])).stdout).toMatch(/^ 1 +0\.\.\d+ {2}sys_madvise/m);
    expect((await run(['replay', saved, '--moves'])).stdout).toMatch(/^ +\d+\.\.\d+ {4}invlpg page 0$/m);
    expect((await run(['replay', saved, '--format', 'mermaid'])).stdout).toMatch(
      /^ {2}Note over cpu0: 1\. sys_madvise .*: \d+ moves, 0\.\.\d+ ns$/m,
    );
  });

  it('tells chance, and what the simulator has no cost for', async () => {
    const probe = ['--strategy', 'async-inline', '--scenario', 'reclaim', '--assume', 'kprobe=touches'];
    const path = join(folder, 'probe.json');
    writeFileSync(path, (await run(['check', ...probe, '--format', 'json'])).stdout);
    const { stdout } = await run(['replay', path]);
    expect(stdout).toMatch(/come as soon as they may: [\s\S]*hits a kprobe/);
    expect(stdout).toMatch(/no cost for these; they take no time: CPU 1 hits a kprobe/);
  });

  it('is told to be impossible on a machine without the instruction', async () => {
    const { timing, untimed } = await document('M14');
    expect([timing, untimed]).toEqual([null, expect.stringContaining("needs invlpgb, which machine 'haswell' lacks")]);
    expect((await run(['replay', 'M14'])).stdout).toContain('cannot be timed');
    expect((await document('M14', '--machine', 'milan')).timing?.totalNs).toBeGreaterThan(0);
  });

  it.each([
    ['demand', 'In time on haswell: '],
    ['saturated', 'cannot be timed: its walker is saturated'],
  ])('leads to where nothing goes on, of a lack of progress found with the walker %s', async (walker, time) => {
    const path = join(folder, 'stuck.json');
    const laboratory = makeLaboratory([stuck], runComparison, makeChecks(createRegistry([stuck])));
    const words = ['check', '--strategy', 'stuck', '--scenario', 'unmap', '--walker', walker, '--format', 'json'];
    writeFileSync(path, (await run(words, laboratory)).stdout);
    const { code, stdout } = await run(['replay', path], laboratory);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/✗ +C6 progress: .*\n\n.*a replay does not search\.\n/)]);
    expect(stdout).toContain(time);
  });

  it('says when a CPU begins later than the first one', async () => {
    const { timing } = await document('Z6');
    const [first = 0, second = 0] = timing?.beginNs ?? [];
    expect([first > 0, second]).toEqual([true, 0]);
    const { stdout } = await run(['replay', 'Z6']);
    expect(stdout.replace(/\s+/g, ' ')).toContain(` CPU 0 begins at ${first.toFixed(1)} ns.`);
  });

  it.each([saved, 'Z1'])('refuses an unknown machine: %s', async (what) => {
    const { code, stderr } = await run(['replay', what, '--machine', 'haswel']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('No machine is named "haswel". Did you mean haswell?')]);
  });
});
