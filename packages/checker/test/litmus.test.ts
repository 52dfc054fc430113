import { builtInLitmus, type LitmusFile, type LitmusTest, runLitmus } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import { describe, expect, it } from 'vitest';

const files = builtInLitmus as readonly LitmusFile[];

describe.each(files)('$title', ({ tests }) => {
  it.each(tests)('$id: $title', (test) => {
    const results = runLitmus(test);
    expect(results.map(({ memory }) => memory)).toEqual(['sc', 'tso']);
    for (const { expected, observed, ok } of results) {
      expect({ violations: [], ...expected }).toMatchObject(observed);
      expect(ok).toBe(true);
    }
  });
});

it('pins the exact size of every state space, and no id stands twice', () => {
  const tests = files.flatMap((file) => file.tests);
  for (const { expected } of tests)
    for (const memory of ['sc', 'tso'] as const) {
      expect(expected[memory]?.states).toBeGreaterThan(0);
      expect(expected[memory]?.outcomes).toBeDefined();
    }
  expect(new Set(tests.map(({ id }) => id)).size).toBe(tests.length);
});

it('has a test for every shape of the list but E31, which needs the kernel', () => {
  const ids = new Set(files.flatMap(({ tests }) => tests.flatMap(({ id }) => id.split(' '))));
  const all = Array.from({ length: 36 }, (_, index) => `E${index + 1}`);
  expect(all.filter((id) => !ids.has(id))).toEqual(['E31']);
});

const ONE: LitmusTest = { id: 'own', title: 'own', threads: [{ program: ['r0 = load x'] }], expected: { sc: {} } };
const okWith = (expected: LitmusTest['expected']): readonly boolean[] =>
  runLitmus({ ...ONE, expected }).map(({ ok }) => ok);

describe('an expectation', () => {
  it('is met by what it states, and only by that', () => {
    expect(okWith({ sc: { outcomes: ['r0=0'], permitted: ['r0=0'], forbidden: ['r0=1'] } })).toEqual([true]);
    expect(okWith({ sc: { outcomes: [] } })).toEqual([false]);
    expect(okWith({ sc: { outcomes: ['r0=0', 'r0=1'] } })).toEqual([false]);
    expect(okWith({ sc: { permitted: ['r0=1'] } })).toEqual([false]);
    expect(okWith({ sc: { forbidden: ['r0=0'] } })).toEqual([false]);
    expect(okWith({ sc: { violations: ['C1 used'] } })).toEqual([false]);
    expect(okWith({ sc: { states: 1 }, tso: { transitions: 1 } })).toEqual([false, false]);
  });

  it('of no violation is broken by one', () => {
    const threads = [{ program: ['user store x 1'] }];
    const [result] = runLitmus({ ...ONE, threads, init: { 'pte.x': 0 } });
    expect([result?.ok, result?.observed.violations]).toEqual([false, ['fault unhandled']]);
  });
});

describe('a program', () => {
  const messageOf = (change: Partial<LitmusTest>): string => {
    try {
      runLitmus({ ...ONE, ...change });
    } catch (error) {
      if (error instanceof ShootdownError && error.code === 'INVALID_LITMUS') return error.message;
      throw error;
    }
    return 'none';
  };

  it.each([
    ['stroe x 1', '"stroe" is no instruction'],
    ['store z 1', '"z" is no location'],
    ['store x one', '"one" is no value'],
    ['r4 = load x', '"r4" is no register'],
    ['user load z', '"z" is no page'],
    ['user jump x', '"user jump" is no access'],
    ['wait x < 1', '"<" is no relation'],
    ['when x == 1 fence', 'a condition is not ended'],
    ['cr3 0 0 hold', '"hold" is no mode'],
    ['invlpgb 0 x all', '"all" is no kind'],
    ['mark call remap', '"mark call" is no mark'],
    ['ipi 1', 'the test has no interrupt'],
    ['fence x', '"x" is too much'],
    ['store table.7.0 1', '"7" is no number of a table'],
  ])('%s is refused: %s', (line, why) => {
    expect(messageOf({ threads: [{ program: [line] }] })).toContain(`Litmus test own: "${line}": ${why}`);
  });

  it('keeps locals to itself and sees further words', () => {
    const change = { words: ['more'], init: { more: 5 }, observe: { more: 'more', D: 'dirty pte.x' } };
    const [result] = runLitmus({
      ...ONE,
      ...change,
      threads: [{ program: ['t0 = load more', 'r1 = t0', 'xchg more 6'] }],
    });
    expect(result?.observed.outcomes).toEqual(['r1=5 more=6 D=0']);
  });
});
