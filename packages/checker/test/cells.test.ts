import {
  type Cell,
  type CellDescription,
  cellBounds,
  cellMachine,
  cellScenarios,
  type CellResult,
  checkCell,
  isDeferred,
  checkCellWhole,
  type Memory,
  startCell,
  TARGET_STATES,
} from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import { defineStrategy } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import { broadcast } from './broadcast.js';

const UNMAP: CellDescription = {
  scenario: 'unmap',
  targets: 'user',
  initiators: 1,
  cpus: 2,
  nmis: 0,
  walker: 'demand',
};
const cell = (change: Partial<CellDescription>, strategy = broadcast('waited for')): Cell => ({
  ...UNMAP,
  ...change,
  strategy,
  options: {},
});
const check = (tested: Cell, memory: Memory = 'sc', maxStates = 100_000): CellResult =>
  checkCellWhole(tested, memory, { maxStates });
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ShootdownError) return error.code;
    throw error;
  }
  return 'none';
};

describe('a cell of a strategy that waits', () => {
  const one = cellScenarios.filter(({ secondOperation }) => secondOperation === undefined);
  it.each(one.map(({ name }) => name))('is clean: %s', (scenario) => {
    expect(check(cell({ scenario }))).toMatchObject({ verdict: 'clean', exploration: { isComplete: true } });
  });

  it.each(TARGET_STATES)('is clean with targets %s', (targets) => {
    expect(check(cell({ targets }))).toMatchObject({ verdict: 'clean', exploration: { isComplete: true } });
  });

  it('is clean with two initiators and with an NMI', () => {
    expect(check(cell({ initiators: 2 })).verdict).toBe('clean');
    expect(check(cell({ nmis: 1, assume: { nmi: 'touches' } })).verdict).toBe('clean');
  });

  it('is explored with store buffers alone', () => {
    const [sc, tso] = [check(cell({ scenario: 'protect' })), check(cell({ scenario: 'protect' }), 'tso')];
    expect([sc.memory, tso.memory, tso.isOnlyUnderTso]).toEqual(['sc', 'tso', false]);
    expect(tso.exploration.states).toBeGreaterThan(sc.exploration.states);
  });
});

describe('a cell of a strategy that does not', () => {
  it.each(TARGET_STATES)('is violated with targets %s', (targets) => {
    const result = check(cell({ targets }, broadcast('left out')), 'tso');
    expect([result.verdict, result.memory, result.isOnlyUnderTso]).toEqual(['violated', 'sc', false]);
    expect(result.violation).toMatchObject({ contract: 'C1', cpu: 1 });
  });

  it('is violated when nobody waits', () => {
    expect(check(cell({}, broadcast('not waited for'))).violation).toMatchObject({ contract: 'C1', form: 'exposed' });
  });
});

describe('a cell of a strategy whose guarantee is deferred to the release', () => {
  const deferring = broadcast('waited for at the release');

  it.each([
    ['unmap', 'clean', true],
    ['remap', 'clean', true],
    ['protect', 'violated', false],
    ['clean-dirty', 'violated', false],
    ['free-table', 'violated', false],
  ] as const)('%s: %s, for only an unmap may be deferred', (scenario, verdict, deferred) => {
    expect([check(cell({ scenario }, deferring)).verdict, isDeferred(cell({ scenario }, deferring))]).toEqual([
      verdict,
      deferred,
    ]);
    expect(isDeferred(cell({ scenario }))).toBe(false);
  });
});

describe('an assumption of the manifest', () => {
  it('is enforced on the machine of the cell unless the cell says otherwise', () => {
    const ticking = defineStrategy({
      ...broadcast('waited for'),
      assumes: [{ name: 'tick-skew', statement: 'Ticks differ by at most one.', maximumTickSkew: 1 }],
      create: (env, options) => ({
        ...broadcast('waited for').create(env, options as never),
        *tick(cpu) {
          yield* cpu.work(1);
        },
      }),
    });
    const skew = (change: Partial<CellDescription>): number | undefined =>
      cellMachine(cell(change, ticking), 'sc')().boot.system.maximumTickSkew;
    expect([skew({}), skew({ unenforced: ['tick-skew'] })]).toEqual([1, undefined]);
  });
});

describe('limits', () => {
  it('make a verdict inconclusive', () => {
    const result = check(cell({}), 'sc', 100);
    expect([result.verdict, result.exploration.isComplete, result.exploration.limit]).toEqual([
      'inconclusive',
      false,
      'maxStates',
    ]);
  });

  it('leave a violation standing of which it is not known whether it needs store buffers', () => {
    const running = startCell(cell({}, broadcast('not waited for')), 'tso', { maxStates: 100_000 });
    while (running.progress().memory === 'tso') running.advance(1);
    const { verdict, memory, isOnlyUnderTso } = running.finish();
    expect([verdict, memory, isOnlyUnderTso]).toEqual(['violated', 'tso', false]);
  });

  it('do not show in portions: the counts are those of one piece', () => {
    const running = startCell(cell({}), 'sc', { maxStates: 100_000 });
    while (!running.advance(7));
    const { states, transitions } = running.finish().exploration;
    const whole = check(cell({})).exploration;
    expect([states, transitions]).toEqual([whole.states, whole.transitions]);
  });
});

describe('checkCell', () => {
  it.each([
    [{ cpus: 1 }, 'VACUOUS_CELL'],
    [{ initiators: 2, targets: 'lazy' }, 'VACUOUS_CELL'],
    [{ scenario: 'two-pages' }, 'VACUOUS_CELL'],
    [{ initiators: 2, cpus: 1 }, 'INVALID_ARGUMENT'],
    [{ cpus: 5 }, 'INVALID_ARGUMENT'],
    [{ scenario: 'madvise' }, 'UNKNOWN_SCENARIO'],
    [{ initiators: 2, cpus: 3, targets: 'lazy' }, 'none'],
  ] as const)('%o: %s', (change, code) => {
    expect(codeOf(() => checkCell({ ...UNMAP, ...change }))).toBe(code);
    expect(codeOf(() => cellMachine(cell(change), 'sc'))).toBe(code);
  });

  it('states bounds that are those of the machine', () => {
    const change = { targets: 'switching' } as const;
    const { shape } = cellMachine(cell(change), 'sc')().boot;
    expect(cellBounds({ ...UNMAP, ...change }, [])).toMatchObject({
      tables: shape.tables,
      frames: shape.frames,
      asids: shape.asids,
      pcid: shape.pcid,
      storeBufferDepth: shape.storeBufferDepth,
      entriesPerTable: 2 ** shape.levelBits,
    });
  });
});
