import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { counterexampleSchema } from '@shootdown/checker';
import { createRegistry, documentValidator } from '@shootdown/host';
import { ANY_MM, defineStrategy, type Manifest, type Strategy } from '@shootdown/plugin';
import {
  builtInStrategies,
  type ExplainDocument,
  type Laboratory,
  makeChecks,
  makeLaboratory,
  runCli,
  runComparison,
} from 'shootdown';
import { describe, expect, it } from 'vitest';
import { judgeHarsher, judgeMilder, type Outcome } from '../src/explain/finding.js';
import { FLIPS, speaksOf } from '../src/explain/flips.js';

const outcome = (verdict: Outcome['verdict'], states = 1): Outcome => ({
  verdict,
  memory: 'sc',
  states,
  transitions: states,
});
const CLEAN = outcome('clean');
const VIOLATED = outcome('violated');
const CUT = outcome('inconclusive');

describe('the finding of an assumption that is given up', () => {
  it.each([
    [[[CLEAN, VIOLATED]], 'loadBearing'],
    [
      [
        [CLEAN, CLEAN],
        [CLEAN, VIOLATED],
      ],
      'loadBearing',
    ],
    [
      [
        [CLEAN, VIOLATED],
        [CLEAN, CUT],
      ],
      'loadBearing',
    ],
    [[[CLEAN, outcome('clean', 2)]], 'notLoadBearing'],
    [[[CLEAN, CLEAN]], 'notExercised'],
    [[], 'notExercised'],
    [[[CLEAN, CUT]], 'inconclusive'],
    [[[CUT, VIOLATED]], 'inconclusive'],
    [[[VIOLATED, VIOLATED]], 'violatedAnyway'],
    [
      [
        [VIOLATED, VIOLATED],
        [CLEAN, CLEAN],
      ],
      'notExercised',
    ],
  ] as const)('%#: %s', (pairs, finding) => {
    expect(judgeHarsher(pairs.map(([base, flipped]) => ({ base, flipped })))).toBe(finding);
  });
});

describe('the finding of an assumption that is added', () => {
  it.each([
    [[[CLEAN, CLEAN]], undefined],
    [[[VIOLATED, CLEAN]], 'repairs'],
    [[[VIOLATED, VIOLATED]], 'doesNotRepair'],
    [[[VIOLATED, CUT]], 'inconclusive'],
  ] as const)('%#: %s', (pairs, finding) => {
    expect(judgeMilder(pairs.map(([base, flipped]) => ({ base, flipped })))).toBe(finding);
  });
});

describe('flips', () => {
  it('leave no value of an assumption out, and each is tried somewhere', () => {
    expect(FLIPS.map(({ assumption, to }) => `${assumption}=${to}`)).toEqual([
      'nmi=nothing',
      'nmi=touches',
      'uaccessGuard=currentMm',
      'uaccessGuard=notLazy',
      'uaccessGuard=loadedMm',
      'switchOrder=maskFirst',
      'kprobe=touches',
      'interruptsOff=kernel',
      'interruptsOff=user',
      'callAhead=touches',
      'deviceLoad=on',
      'icr=plain',
    ]);
    expect(FLIPS.filter(({ direction }) => direction === 'milder').map(({ to }) => to)).toEqual(['nothing']);
    for (const flip of FLIPS)
      expect(
        [0, 1].some((nmis) => speaksOf(flip, { scenario: 'unmap', targets: 'user', nmis: nmis as 0 }, 'tso')),
      ).toBe(true);
  });
});

/** The early acknowledgement in its smallest form: the handler counts itself down, then flushes. */
const quick = (guard: boolean, assumes: Manifest<object>['assumes'] = []): Strategy =>
  defineStrategy({
    apiVersion: 1,
    name: 'quick',
    title: 'Quick',
    summary: 'Interrupts every other CPU and waits until each of them has taken the request.',
    references: [],
    optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
    assumes,
    create({ kernel, records, vector, cpuCount }) {
      const request = records('quick', ['waiting'], 1);
      const { busy } = records('quick_busy', ['busy'], cpuCount);
      const flushVector = vector('quick-flush');
      return {
        *flush(cpu, { mm }) {
          yield* cpu.call(kernel.nextGeneration, mm);
          yield* cpu.exchange(request.waiting(0), cpuCount - 1);
          for (let to = 0; to < cpuCount; to++) if (to !== cpu.id) yield* cpu.sendIpi(to, flushVector);
          yield* cpu.disableInterrupts();
          yield* cpu.call(kernel.flushHere, mm, 0, -1, 0);
          yield* cpu.enableInterrupts();
          yield* cpu.waitUntil(request.waiting(0), 'equal', 0);
        },
        handlers: {
          *'quick-flush'(cpu) {
            yield* cpu.store(busy(cpu.id), 1);
            yield* cpu.fetchAdd(request.waiting(0), -1);
            yield* cpu.call(kernel.flushHere, ANY_MM, 0, -1, 0);
            yield* cpu.store(busy(cpu.id), 0);
          },
        },
        *mayAccessUser(cpu) {
          return !guard || (yield* cpu.test(busy(cpu.id), 'equal', 0));
        },
      };
    },
  });

const laboratoryOf = (strategy: Strategy): Laboratory => {
  const registry = createRegistry([strategy]);
  return makeLaboratory(registry.strategies, runComparison, makeChecks(registry));
};

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  words: readonly string[],
  laboratory = makeLaboratory(builtInStrategies.strategies, runComparison),
): Promise<Output> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(words, { stdout, stderr, environment: {} }, laboratory);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
const SMALL = ['--scenario', 'reclaim', '--targets', 'user', '--memory', 'sc'];
const findings = ({ assumptions }: ExplainDocument): Readonly<Record<string, string>> =>
  Object.fromEntries(assumptions.map(({ assumption, to, finding }) => [`${assumption}=${to}`, finding]));

const schema = JSON.parse(readFileSync(new URL('../schema/explain-1.schema.json', import.meta.url), 'utf8')) as object;
const validator = (whole: string, of: object): ((value: unknown) => unknown) => {
  const kind = { noun: whole, whole, code: 'INVALID_FILE', schema: of, problems: () => [] } as const;
  return (value) => documentValidator<object>(kind)(value, whole);
};
const checkDocument = validator('explanation', schema);
const checkCounterexample = validator('counterexample', counterexampleSchema);

describe('explain', { timeout: 120_000 }, () => {
  it('tells what a strategy rests on, with a shortest counterexample of each, as a document of its schema', async () => {
    const words = ['explain', 'quick', ...SMALL, '--format', 'json'];
    const statement = 'Ticks of two CPUs differ by at most one.';
    const strategy = quick(true, [{ name: 'tick-skew', statement, maximumTickSkew: 1 }]);
    const { code, stdout } = await run(words, laboratoryOf(strategy));
    const document = JSON.parse(stdout) as ExplainDocument;
    expect(checkDocument(document)).toEqual(document);
    expect(code).toBe(0);
    expect(findings(document)).toEqual({
      'nmi=touches': 'loadBearing',
      'uaccessGuard=currentMm': 'notExercised',
      'uaccessGuard=notLazy': 'notExercised',
      'uaccessGuard=loadedMm': 'notExercised',
      'switchOrder=maskFirst': 'notExercised',
      'kprobe=touches': 'loadBearing',
      'interruptsOff=kernel': 'notLoadBearing',
      'interruptsOff=user': 'notLoadBearing',
      'callAhead=touches': 'notLoadBearing',
      'deviceLoad=on': 'loadBearing',
      'icr=plain': 'notExercised',
      'tick-skew=not enforced': 'notExercised',
    });
    expect(document.assumptions.at(-1)).toMatchObject({ owner: 'strategy', assumed: statement });
    for (const { finding, counterexample } of document.assumptions)
      expect(counterexample !== null).toBe(finding === 'loadBearing');
    const probe = document.assumptions.find(({ assumption }) => assumption === 'kprobe');
    expect(probe?.counterexample).toMatchObject({
      violation: { contract: 'C1' },
      cell: { assume: { kprobe: 'touches' } },
    });
    checkCounterexample(probe?.counterexample);
    expect(() => checkDocument({ ...document, extra: 1 })).toThrow(/extra/);
  });

  it('begins with what the manifest assumes, and takes that back', async () => {
    const strategy = quick(false, [
      { name: 'calm-nmis', statement: 'NMI handlers touch no user memory.', nmi: 'nothing' },
    ]);
    const { code, stdout } = await run(['explain', 'quick', ...SMALL, '--format', 'json'], laboratoryOf(strategy));
    const document = JSON.parse(stdout) as ExplainDocument;
    expect(code).toBe(0);
    expect(findings(document)).toMatchObject({ 'nmi=touches': 'loadBearing', 'calm-nmis=not enforced': 'loadBearing' });
    expect(document.assumptions[0]).toMatchObject({ from: 'nothing', to: 'touches' });
    expect(document.assumptions.at(-1)?.counterexample?.cell).toMatchObject({ assume: { nmi: 'asks' }, nmis: 1 });
  });

  it('says of a strategy that is violated as it is what would repair it, and claims no more than it saw', async () => {
    const laboratory = laboratoryOf(quick(false));
    const { code, stdout, stderr } = await run(['explain', 'quick', ...SMALL], laboratory);
    expect([code, stderr]).toEqual([4, expect.stringContaining('contract violated (exit 4): quick')]);
    expect(stdout).toMatch(/Violated as it is, and not when more is assumed\n\nnmi: asks → nothing/);
    expect(stdout).toMatch(/Violated with the assumption too\n\nnmi: asks → touches/);
    expect(stdout).not.toMatch(/verified|proved|proven|not needed/i);
    const words = ['explain', 'quick', ...SMALL, '--max-states', '300', '--allow-unsafe'];
    const cut = await run(words, laboratory);
    expect([cut.code, (await run(words, laboratory)).stdout]).toEqual([0, cut.stdout]);
    expect(cut.stdout).toContain('Inconclusive: a limit cut');
  });

  it.each([
    [['explain', 'snc'], 'UNKNOWN_STRATEGY'],
    [['explain', 'sync,concurrent'], 'INVALID_ARGUMENT'],
    [['explain'], 'INVALID_ARGUMENT'],
    [['explain', 'sync', '--scenario', 'madvise'], 'UNKNOWN_SCENARIO'],
    [['explain', 'sync', '--cpus', '5'], 'INVALID_ARGUMENT'],
    [['explain', 'sync', '--cpus', '1'], 'VACUOUS_CELL'],
    [['explain', 'sync', '--targets', 'asleep'], 'INVALID_ARGUMENT'],
  ])('%j is refused: %s', async (words, code) => {
    const { code: exit, stderr, stdout } = await run(words);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error ${code} (exit 2)`);
  });
});
