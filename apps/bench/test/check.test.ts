import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createRegistry } from '@shootdown/host';
import { defineStrategy } from '@shootdown/plugin';
import { sync } from '@shootdown/strategy-sync';
import {
  type CheckDocument,
  type ReplayDocument,
  builtInStrategies,
  makeChecks,
  makeLaboratory,
  runCli,
  runComparison,
} from 'shootdown';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...words: string[]): Promise<Output> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
  const code = await runCli(words, { stdout, stderr, environment: {} }, laboratory);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
const NONE = 'async-inline{"ack":"none"}';
const document = async (...words: string[]): Promise<CheckDocument> =>
  JSON.parse((await run('check', ...words, '--format', 'json')).stdout) as CheckDocument;

describe('check', () => {
  it('prints rows with the pinned fields, and the same bytes again', async () => {
    const words = ['check', '--strategy', 'sync', '--scenario', 'protect', '--memory', 'sc', '--format', 'json'];
    const first = await run(...words);
    expect(first.code).toBe(0);
    const { rows, claims, cells } = JSON.parse(first.stdout) as CheckDocument;
    expect([rows.length, claims.length, cells]).toEqual([1, 1, 1]);
    expect(rows[0]).toMatchObject({
      strategy: 'sync',
      options: {},
      scenario: 'protect',
      cpus: 2,
      memory: 'sc',
      assumptions: { nmi: 'asks', kprobe: 'nothing', icr: 'drains' },
      verdict: 'clean',
      contract: null,
      seconds: null,
      bounds: {
        targets: 'user',
        initiators: 1,
        nmis: 0,
        cutBy: null,
        reductions: [
          'private',
          'owned',
          'unread-frames',
          'invalidations',
          'late-delivery',
          'late-moves',
          'clean-first',
          'idle-nmis',
        ],
      },
      counterexample: null,
    });
    expect(rows[0]?.states).toBeGreaterThan(1000);
    expect((await run(...words)).stdout).toBe(first.stdout);
  });

  it('finds the posted bug in at most a dozen steps, and exits with 4 unless that is allowed', async () => {
    const words = ['check', '--strategy', NONE, '--scenario', 'unmap'];
    const { code, stdout, stderr } = await run(...words);
    expect([code, stderr]).toEqual([4, `contract violated (exit 4): ${NONE}; --allow-unsafe accepts it\n`]);
    expect(stdout).toContain('UNSAFE C1 exposed');
    expect(stdout).toContain('1 violated (C1)');
    expect(stdout).not.toContain('13  ');
    expect((await run(...words, '--allow-unsafe')).code).toBe(0);
  });

  it('says what the strategy itself assumes, and of an unmap from when on its guarantee holds', async () => {
    const cell = ['--targets', 'user', '--max-states', '500'];
    const { rows, claims } = await document('--strategy', 'latr', '--scenario', 'unmap,protect', ...cell);
    const statement = 'Between two ticks of a CPU every other CPU begins a tick and handles it to its end.';
    expect(rows.map(({ ownAssumptions }) => ownAssumptions)).toEqual(
      [0, 1].map(() => ({ 'ticks-in-step': statement })),
    );
    expect(rows.map(({ deferred }) => deferred)).toEqual([true, false]);
    expect(claims.join()).toContain(
      'between two ticks of a CPU every other CPU begins a tick and handles it to its end (ticks-in-step',
    );
  });

  it('never says that something was verified', async () => {
    for (const format of ['table', 'json']) {
      const { stdout } = await run(
        'check',
        '--strategy',
        'sync',
        '--scenario',
        'protect',
        '--memory',
        'sc',
        '--format',
        format,
      );
      expect(stdout).not.toMatch(/verified|proved|proven/i);
      expect(stdout).toContain('no violation within bounds');
    }
  });

  it('is inconclusive when a limit cuts it', async () => {
    const { rows, claims } = await document('--strategy', 'sync', '--scenario', 'unmap', '--max-states', '500');
    expect(rows[0]).toMatchObject({ verdict: 'inconclusive', contract: null, bounds: { cutBy: 'maxStates' } });
    expect(claims[0]).toContain('1 inconclusive');
  });

  it('tells seconds only when host facts are asked for', async () => {
    const words = ['--strategy', NONE, '--scenario', 'unmap'];
    expect((await document(...words)).rows[0]?.seconds).toBeNull();
    expect((await document(...words, '--host-facts')).rows[0]?.seconds).toBeGreaterThan(0);
  });

  it.each([
    [['--cpus', '1', '--scenario', 'unmap'], 'VACUOUS_CELL'],
    [['--initiators', '2', '--targets', 'idle'], 'VACUOUS_CELL'],
    [['--scenario', 'madvise'], 'UNKNOWN_SCENARIO'],
    [['--strategy', 'snc'], 'UNKNOWN_STRATEGY'],
    [['--assume', 'kprobe=tuoches'], 'INVALID_ARGUMENT'],
    [['--assume', 'nmy=asks'], 'INVALID_ARGUMENT'],
    [['--assume', 'nmi=asks', '--assume', 'nmi=touches'], 'INVALID_ARGUMENT'],
    [['--assume', 'nmi=touches', '--nmis', '0'], 'INVALID_ARGUMENT'],
    [['--memory', 'arm'], 'INVALID_ARGUMENT'],
    [['--targets', 'user,user'], 'INVALID_ARGUMENT'],
    [['--cpus', '5'], 'INVALID_ARGUMENT'],
  ])('%j is refused: %s', async (words, code) => {
    const { code: exit, stderr, stdout } = await run('check', ...words);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error ${code} (exit 2)`);
  });
});

describe('a strategy that fails', () => {
  it('fails its rows, and the others are explored', async () => {
    const faulty = defineStrategy({
      apiVersion: 1,
      name: 'faulty',
      title: 'Faulty',
      summary: 'Throws when it is asked to flush.',
      references: [],
      optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
      create: () => ({
        *flush(cpu) {
          yield* cpu.fence();
          throw new Error('no');
        },
      }),
    });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const registry = createRegistry([faulty, sync]);
    const laboratory = makeLaboratory(registry.strategies, runComparison, makeChecks(registry));
    const words = ['check', '--strategy', 'faulty,sync', '--scenario', 'protect', '--memory', 'sc', '--format', 'json'];
    expect(await runCli(words, { stdout, stderr, environment: {} }, laboratory)).toBe(3);
    const { rows } = JSON.parse(String(stdout.read())) as CheckDocument;
    expect(rows.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'clean']);
    expect(rows[0]?.error).toMatchObject({ code: 'PLUGIN_THREW', strategy: 'faulty' });
  });
});

describe('an interrupt', () => {
  it('prints what was covered', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
    const reports: (() => void)[] = [];
    const onInterrupt = (report: () => void): (() => void) => {
      reports.push(report);
      return () => reports.pop();
    };
    const words = [
      'check',
      '--strategy',
      'async-inline',
      '--scenario',
      'unmap,protect',
      '--cpus',
      '3',
      '--format',
      'json',
    ];
    const running = runCli(
      [...words, '--max-states', '20000'],
      { stdout, stderr, environment: {}, onInterrupt },
      laboratory,
    );
    while (reports.length === 0) await setImmediate();
    for (const report of [...reports]) report();
    const { rows, cells } = JSON.parse(String(stdout.read())) as CheckDocument;
    expect(rows.map(({ verdict, bounds }) => [verdict, bounds.cutBy])).toEqual([['inconclusive', 'interrupt']]);
    expect([cells, String(stderr.read())]).toEqual([2, 'interrupted; what was covered:\n']);
    expect([await running, reports]).toEqual([0, []]);
  });
});

describe('replay', () => {
  const path = join(folder, 'check.json');
  const save = async (change: (text: string) => string = (text) => text): Promise<void> => {
    const { stdout } = await run('check', '--strategy', NONE, '--scenario', 'unmap', '--format', 'json');
    writeFileSync(path, change(stdout));
  };

  it('executes a counterexample of a result again, as steps, moves, Mermaid and data', async () => {
    await save();
    const steps = await run('replay', path);
    expect([steps.code, steps.stderr]).toEqual([0, '']);
    expect(steps.stdout).toContain('C1 exposed');
    expect((await run('replay', path, '--moves')).stdout).toContain('invlpg page 0');
    expect((await run('replay', path, '--format', 'mermaid')).stdout).toMatch(/^sequenceDiagram\n {2}participant cpu0/);
    expect((await run('replay', path, '--row', '1', '--format', 'json')).stdout).toContain('"trace"');
  });

  it('executes a counterexample of its own file', async () => {
    await save();
    const { rows } = JSON.parse(readFileSync(path, 'utf8')) as CheckDocument;
    writeFileSync(path, JSON.stringify(rows[0]?.counterexample));
    expect((await run('replay', path)).code).toBe(0);
  });

  it.each([
    [
      'another model',
      (text: string) => text.replace(/"model": "[0-9a-f]{12}/, '"model": "000000000000'),
      2,
      'OTHER_VERSION',
    ],
    [
      'a bad schema',
      (text: string) => text.replace('"kind": "counterexample"', '"kind": "other"'),
      2,
      'INVALID_COUNTEREXAMPLE',
    ],
    [
      'moves that are not enabled',
      (text: string) => text.replace(/"moves": \[\s*\[\s*0,/, '"moves": [[1,'),
      7,
      'REPLAY_MISMATCH',
    ],
    [
      'a move of a CPU that the cell has not',
      (text: string) => text.replace(/"moves": \[\s*\[\s*0,/, '"moves": [[2,'),
      2,
      'INVALID_COUNTEREXAMPLE',
    ],
    [
      'a violation of a CPU that the cell has not',
      (text: string) => text.replace(/("violation": \{[^}]*"cpu": )\d/, '$12'),
      2,
      'INVALID_COUNTEREXAMPLE',
    ],
    [
      'a choice that is no integer of the machine',
      (text: string) => text.replace(/("moves": \[\s*\[\s*\d+,\s*\d+,\s*)0/, '$14294967296'),
      2,
      'INVALID_COUNTEREXAMPLE',
    ],
    [
      'moves that violate nothing',
      (text: string) => text.replace(/"moves": \[\s*\[[\s\S]*?"steps"/, '"moves": [], "steps"'),
      7,
      'REPLAY_MISMATCH',
    ],
  ] as const)('refuses %s', async (_name, change, exit, code) => {
    await save(change);
    const { code: found, stderr } = await run('replay', path);
    expect(stderr).toContain(`error ${code} (exit ${exit})`);
    expect(found).toBe(exit);
  });

  it('names the move that does not fit by its place in the file', async () => {
    await save((text) => text.replace(/("moves": \[(?:\s*\[[^\]]*\],){10}\s*\[\s*\d+,\s*)\d+/, '$163'));
    expect((await run('replay', path)).stderr).toMatch(/REPLAY_MISMATCH \(exit 7\): Move 10 on CPU/);
  });

  it('shows what the machine reports, not what the file says of it', async () => {
    await save((text) => text.replace(/("violation": \{[^}]*"text": ")/, '$1\\u001b[31mforged\\n'));
    for (const format of ['table', 'mermaid']) {
      const { code, stdout } = await run('replay', path, '--format', format);
      expect([code, stdout]).toEqual([0, expect.not.stringContaining('forged')]);
    }
    const { stdout } = await run('replay', path, '--format', 'json');
    expect((JSON.parse(stdout) as ReplayDocument).violation.text).not.toContain('forged');
  });

  it('refuses a result without a violated row', async () => {
    writeFileSync(path, JSON.stringify({ kind: 'check', rows: [{ counterexample: null }] }));
    expect((await run('replay', path)).stderr).toContain('holds no counterexample');
    expect((await run('replay', path, '--row', '3')).stderr).toContain('no violated row of this number');
  });
});
