import { explore } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { machineOf } from '../kit/explored.js';
import { VARIANTS } from '../kit/variants.js';
import { counterexamplesReplay } from './replays.js';
import { summary, violations, WORK } from './rows.js';

/** Strategy, operation, and the exact size of the graph of all interleavings. */
const CLEAN = [
  ['sync', 'madvise', 'complete, clean: 20219 states, 53506 transitions'],
  ['sync', 'mprotect', 'complete, clean: 16173 states, 41708 transitions'],
  ['sync', 'munmap', 'complete, clean: 15336 states, 36689 transitions'],
  ['sync', 'reclaim', 'complete, clean: 17702 states, 47152 transitions'],
  ['concurrent', 'madvise', 'complete, clean: 41288 states, 113163 transitions'],
  ['concurrent', 'mprotect', 'complete, clean: 40896 states, 110804 transitions'],
  ['concurrent', 'munmap', 'complete, clean: 34946 states, 89715 transitions'],
  ['concurrent', 'reclaim', 'complete, clean: 17327 states, 45987 transitions'],
  ['early', 'reclaim', 'complete, clean: 58943 states, 160073 transitions'],
] as const;

describe('one flush beside a CPU that uses the page for ever, every interleaving', { timeout: 120_000 }, () => {
  it.each(CLEAN)('%s, %s: no violation', (variant, operation, expected) => {
    const found = explore(machineOf({ variant: VARIANTS[variant], ...WORK[operation] }));
    expect(summary(found)).toBe(expected);
    expect(found.violations).toEqual([]);
  });

  it.each([
    ['madvise', 72],
    ['mprotect', 68],
    ['reclaim', 67],
  ] as const)('ack none, %s: the shortest way to the exposed CPU has %d moves and replays', (operation, moves) => {
    const cell = { variant: VARIANTS.none, ...WORK[operation] };
    const found = explore(machineOf(cell), { stopAtFirst: true });
    expect(violations(found)).toEqual([`C1 exposed after ${moves} moves`]);
    counterexamplesReplay(cell, found);
  });

  it('freedTables early, munmap: a walk reads a table after it was freed', () => {
    const cell = { variant: VARIANTS.freedEarly, ...WORK.munmap };
    const found = explore(machineOf(cell), { stopAtFirst: true });
    expect(violations(found)).toEqual(['C3 walked after 114 moves']);
    counterexamplesReplay(cell, found);
  });
});
