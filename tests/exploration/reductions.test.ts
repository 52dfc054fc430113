import { type Reduction, REDUCTIONS } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import type { ExploredCell } from '../kit/explored.js';
import { VARIANTS } from '../kit/variants.js';
import { WORK } from './rows.js';
import { said } from './terminal-states.js';

const SC = { sequentiallyConsistent: true } as const;
const { sync, concurrent, early, none, freedEarly, unguarded } = VARIANTS;

/** Clean and violated cells, under both memory models; the other CPU uses the page twice, so that a cell has ends. */
const CELLS: readonly (readonly [string, ExploredCell])[] = [
  ['sync, madvise', { variant: sync, ...WORK.madvise, accesses: 2, machine: {} }],
  ['sync, munmap', { variant: sync, ...WORK.munmap, accesses: 2, machine: {} }],
  ['concurrent, mprotect', { variant: concurrent, ...WORK.mprotect, accesses: 2, machine: {} }],
  ['early, madvise, sc', { variant: early, ...WORK.madvise, accesses: 2, machine: SC }],
  ['early, reclaim, sc', { variant: early, ...WORK.reclaim, accesses: 1, machine: SC }],
  ['ack none, madvise, sc', { variant: none, ...WORK.madvise, accesses: 2, machine: SC }],
  ['freedTables early, munmap, sc', { variant: freedEarly, ...WORK.munmap, accesses: 2, machine: SC }],
  [
    'early, an NMI that asks, sc',
    { variant: early, ...WORK.reclaim, accesses: 1, nmi: 'asks', nmiBudget: 1, machine: SC },
  ],
  [
    'unguarded, an NMI that touches, sc',
    { variant: unguarded, ...WORK.reclaim, accesses: 1, nmi: 'touches', nmiBudget: 1, machine: SC },
  ],
];

const SUBSETS: readonly (readonly Reduction[])[] = [...REDUCTIONS.map((reduction) => [reduction]), REDUCTIONS];

describe.each(CELLS)('%s', { timeout: 120_000 }, (_title, cell) => {
  const plain = said(cell, {});

  it('has ends to compare', () => {
    expect(plain.ends.length).toBeGreaterThan(0);
  });

  it.each(SUBSETS.map((reductions) => [reductions.join('+'), reductions] as const))(
    'is told the same with %s',
    (_name, reductions) => {
      expect(said(cell, { reductions })).toEqual(plain);
    },
  );
});
