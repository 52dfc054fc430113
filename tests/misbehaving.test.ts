import { createRegistry } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import type { ResultDocument } from '@shootdown/reporter';
import { sync } from '@shootdown/strategy-sync';
import { describe, expect, it } from 'vitest';
import * as bad from './fixtures/misbehaving.js';
import { commandLine } from './kit/command-line.js';

interface Outcome {
  readonly exitCode: number;
  readonly document: ResultDocument;
}

/** `shootdown compare` with the strategy, and sync's rows as the others that must still run. */
async function compared(strategy: Strategy, threads: string): Promise<Outcome> {
  const strategies = ['--strategy', `${strategy.name},sync`];
  const size = ['--threads', threads, '--iterations', '20'];
  const words = ['compare', ...strategies, ...size, '--format', 'json'];
  const { exitCode, stdout, stderr } = await commandLine(words, createRegistry([sync, strategy]));
  expect(stderr).toBe('');
  return { exitCode, document: JSON.parse(stdout) as ResultDocument };
}

type Place = { readonly hook: string } | { readonly program: string };

const inCreate: Place = { hook: 'create' };
const inFlush: Place = { program: 'flush' };

const cases: readonly [strategy: Strategy, code: string, place: Place, text: string][] = [
  [bad.throwsInCreate, 'PLUGIN_THREW', inCreate, 'no such table'],
  [bad.throwsInFlush, 'PLUGIN_THREW', inFlush, 'no such target'],
  [bad.yieldsNoOp, 'NOT_AN_OP', inFlush, 'yield* cpu.load(word)'],
  [bad.forgetsToYield, 'STALE_OP', inFlush, 'cpu.fence(…) was built but never yielded'],
  [bad.forgetsTheLastYield, 'STALE_OP', inFlush, 'returned without yielding it'],
  [bad.yieldsTwice, 'STALE_OP', inFlush, 'cpu.fence(…) was yielded a second time'],
  [bad.waitsForEver, 'NEVER_FINISHES', inFlush, 'CPU 0 is at wait done.flag'],
  [bad.spinsForEver, 'NEVER_FINISHES', inFlush, 'no operation has ended within'],
  [bad.becomesItself, 'CONTROL_LOOP', { program: 'again' }, 'without a micro-op'],
  [bad.callsItself, 'CALL_DEPTH', { program: 'deeper' }, 'Use become for loops'],
  [bad.returnsNoGenerators, 'INVALID_MANIFEST', inCreate, 'flush must be a generator function'],
  [bad.allocatesLate, 'LATE_ALLOCATION', inFlush, "'late'"],
  [bad.registersLate, 'LATE_ALLOCATION', inFlush, "'late' was registered after boot"],
  [bad.crossCallsLate, 'LATE_ALLOCATION', inFlush, 'Register it inside create()'],
  [bad.callsWithHalves, 'INVALID_ARGUMENTS', inFlush, 'argument 1 is 0.5'],
  [bad.returnsHalves, 'INVALID_ARGUMENTS', { program: 'half' }, 'returned 0.5'],
  [bad.throwsTheUnspeakable, 'PLUGIN_THREW', inFlush, 'a value (object) that cannot be shown'],
  [bad.yieldsAPromise, 'NOT_AN_OP', inFlush, 'yield* cpu.load(word)'],
  [bad.swallowsItsEnd, 'NEVER_FINISHES', inFlush, 'no operation has ended within'],
  [bad.storesToAFunction, 'INVALID_OPERAND', inFlush, 'cpu.store(…) was given a function'],
  [bad.storesNothing, 'INVALID_OPERAND', inFlush, 'cpu.store(…) was given undefined'],
  [bad.asksForNoRecords, 'INVALID_OPERAND', inCreate, "Records 'none': there cannot be NaN of them"],
  [bad.asksForTheWorld, 'INVALID_OPERAND', inCreate, "Records 'world': there cannot be 1000000000 of them"],
  [bad.initialisesNoWord, 'INVALID_OPERAND', inCreate, 'initial(…) was given a function'],
  [bad.writesForeignWord, 'WORD_CLASS', inFlush, 'own[1].word, which is declared private to CPU 1'],
  [bad.sharesAVariable, 'SHARED_STATE', inFlush, 'keeps state outside its machine words'],
  [bad.sharesBetweenCpus, 'SHARED_STATE', { program: 'handler ping' }, 'Keep all state in machine words'],
  [bad.changesTheEnvironment, 'CHANGED_INPUT', inCreate, 'read only'],
  [bad.changesTheKernel, 'CHANGED_INPUT', inCreate, 'not extensible'],
  [bad.changesTheRequest, 'CHANGED_INPUT', inFlush, 'read only'],
];

describe('a strategy that misbehaves in a timed run fails its own rows, and the others run', () => {
  it.each(cases)('$name', async (strategy, code, place, text) => {
    const { exitCode, document } = await compared(strategy, '2');
    expect(exitCode).toBe(3);
    expect(document.rows[0]).toMatchObject({
      strategy: strategy.name,
      status: 'failed',
      error: { code, strategy: strategy.name, ...place, message: expect.stringContaining(text) },
    });
    expect(document.rows[1]).toMatchObject({ strategy: 'sync', status: 'ok', safety: { verdict: 'clean' } });
  });

  it('reports two boots that differ as nondeterminism, exit 7', async () => {
    const { exitCode, document } = await compared(bad.remembersBoots, '2');
    expect(exitCode).toBe(7);
    expect(document.rows[0]).toMatchObject({ error: { code: 'NONDETERMINISM', program: 'flush' } });
    expect(document.rows[1]).toMatchObject({ status: 'ok' });
  });

  it('finds a deadlock where nothing else can move', async () => {
    const { exitCode, document } = await compared(bad.waitsForEver, '1');
    expect(exitCode).toBe(3);
    expect(document.rows[0]).toMatchObject({ error: { code: 'DEADLOCK', program: 'flush' } });
  });

  it('gives up a strategy that hangs within seconds, on every number of threads', async () => {
    const start = performance.now();
    const { document } = await compared(bad.spinsForEver, '1,2,4');
    expect(document.rows.filter(({ status }) => status === 'failed')).toHaveLength(3);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('fails the rows of a strategy whose hardware the machine lacks, exit 2', async () => {
    const size = ['--threads', '1', '--iterations', '20', '--format', 'json'];
    const { exitCode, stdout } = await commandLine(['compare', '--strategy', 'broadcast,sync', ...size]);
    const { rows } = JSON.parse(stdout) as ResultDocument;
    expect(exitCode).toBe(2);
    expect(rows).toMatchObject([
      { error: { code: 'MISSING_HARDWARE', message: expect.stringContaining("which machine 'haswell' lacks") } },
      { strategy: 'sync', status: 'ok' },
    ]);
  });
});
