import { type Cell, cellActions, cellMachine, explore, REDUCTIONS } from '@shootdown/checker';
import { Machine } from '@shootdown/core';
import { addInitiator, addIdle, addSpinner, bootKernel, NO_COSTS } from '@shootdown/kernel';
import { scoreboard, type ScoreboardSteps, scoreboardWith } from '@shootdown/strategy-scoreboard';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../packages/kernel/test/drive.js';
import { timeCell, type TimedCell } from '../kit/timed.js';
import { replaysExactly } from '../replay/replays-exactly.js';
import { ONE_PAGE } from './shapes.js';

/** Ops of one madvise beside CPUs 1 and 2 that run the mm; CPU 3 does too, or is idle without it. */
function run(isFourthIdle: boolean): readonly string[] {
  const { kernel, boot } = bootKernel({ shape: { ...ONE_PAGE, cpuCount: 4 }, costs: NO_COSTS, strategy: scoreboard });
  const page = { mm: 0, firstPage: 0, pages: 1 };
  const thread = addInitiator(kernel, { ...page, cpu: 0, operation: 'madvise', touch: 'none', operations: 1 });
  for (let cpu = 1; cpu < 3; cpu++) addSpinner(kernel, cpu, 0);
  if (isFourthIdle) addIdle(kernel, 3, 0, true);
  else addSpinner(kernel, 3, 0);
  return runToEnd(new Machine(boot), [thread]);
}

const of = (cpu: number, lines: readonly string[], ...words: readonly string[]): string[] =>
  lines
    .filter((line) => line.startsWith(`${cpu}: `))
    .map((line) => line.slice(3))
    .filter((line) => words.some((word) => line.startsWith(word)));

describe('scoreboard: the steps of FreeBSD', () => {
  it('fills its request, zeroes the slots, sends, invalidates, and waits for its generation in each slot', () => {
    const lines = run(false);
    expect(of(0, lines, 'store smp_tlb', 'store invl', 'icr', 'invlpg', 'wait invl')).toEqual([
      'store smp_tlb[0].gen ← 2',
      'store smp_tlb[0].addr1 ← 0',
      'store smp_tlb[0].pages ← 1',
      'store smp_tlb[0].pmap ← 0',
      'store smp_tlb[0].tlbGen ← 2',
      ...[4, 8, 12].map((slot) => `store invl_scoreboard[${slot}].done ← 0`),
      'icr → cluster 0: invlop',
      'invlpg page 0',
      ...[4, 8, 12].map((slot) => `wait invl_scoreboard[${slot}].done equal 2`),
    ]);
  });

  it('sends one IPI after the other unless everybody is meant', () => {
    expect(of(0, run(true), 'icr')).toEqual(['icr → cpu 1: invlop', 'icr → cpu 2: invlop']);
  });

  it('acknowledges after the copy and before the invalidation', () => {
    expect(of(1, run(false), 'test invl', 'load smp_tlb', 'store invl', 'invlpg')).toEqual([
      'test invl_scoreboard[4].done equal 0',
      'load smp_tlb[0].pmap',
      'load smp_tlb[0].addr1',
      'load smp_tlb[0].pages',
      'load smp_tlb[0].tlbGen',
      'load smp_tlb[0].gen',
      'store invl_scoreboard[4].done ← 2',
      'invlpg page 0',
      'test invl_scoreboard[6].done equal 0',
      'test invl_scoreboard[7].done equal 0',
    ]);
  });
});

function verdict(change: Partial<Cell>, steps: Partial<ScoreboardSteps> = {}): string {
  const strategy = scoreboardWith(steps);
  const base = { scenario: 'unmap', targets: 'user', initiators: 1, cpus: 2, nmis: 0, walker: 'demand' } as const;
  const cell: Cell = { ...base, strategy, options: {}, ...change };
  const { verdict: outcome, violations } = explore(cellMachine(cell, 'tso'), {
    actions: cellActions(cell),
    stopAtFirst: true,
    reductions: REDUCTIONS,
    maxStates: 400_000,
  });
  const [violation] = violations;
  return violation === undefined ? outcome : `${violation.contract} ${violation.form}`;
}

describe('scoreboard on two CPUs', () => {
  it.each(['unmap', 'protect', 'remap', 'reclaim'])(
    '%s: clean',
    (scenario) => {
      expect(verdict({ scenario })).toBe('clean');
    },
    60_000,
  );

  it('walks through a freed table: it does not tell requests that free one from others', () => {
    expect(verdict({ scenario: 'free-table', walker: 'speculative' })).toBe('C3 walked');
  }, 60_000);

  it('is exposed in an NMI that asks between acknowledgement and invalidation, which FreeBSD’s leaves alone', () => {
    expect(verdict({ nmis: 1, unenforced: ['nmi-leaves-user-memory'] })).toBe('C1 exposed');
    expect(verdict({ nmis: 1, assume: { nmi: 'asks' } })).toBe('C1 exposed');
    expect(verdict({ nmis: 1 })).toBe('clean');
  }, 60_000);
});

describe('scoreboard on the machine haswell', () => {
  const cell: TimedCell = {
    variant: { title: 'scoreboard', strategy: scoreboard, options: {} },
    scenario: 'madvise',
    threads: 4,
    operations: 20,
  };

  it('interrupts every other CPU once, and no violation is seen', () => {
    const { ipis, violations } = timeCell(cell);
    expect([ipis, violations]).toEqual([60, []]);
  });

  it.each(['madvise', 'munmap', 'mprotect', 'kswapd', 'idle'])('%s replays on the abstract machine', (scenario) => {
    expect(replaysExactly({ ...cell, scenario }).length).toBeGreaterThan(100);
  });
});
