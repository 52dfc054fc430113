import { REDUCTIONS } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { type ExploredCell, HARDWARE } from '../kit/explored.js';
import { VARIANTS } from '../kit/variants.js';
import { WORK } from './rows.js';
import { said } from './terminal-states.js';

const SC = { sequentiallyConsistent: true } as const;
const SATURATED = { ...SC, walker: 'saturated', translationWays: 4 } as const;
const { sync } = VARIANTS;

const CELLS: readonly (readonly [string, Omit<ExploredCell, 'machine'>])[] = [
  ['sync, munmap', { variant: sync, ...WORK.munmap, accesses: 1 }],
];

describe.each(CELLS)('%s', { timeout: 240_000 }, (_title, cell) => {
  it('is told the same by a saturated walker as by one whose walks and evictions are moves', () => {
    const explicit = said({ ...cell, machine: SC }, { actions: HARDWARE });
    expect(explicit.ends.length).toBeGreaterThan(0);
    expect(said({ ...cell, machine: SATURATED }, {})).toEqual(explicit);
    expect(said({ ...cell, machine: SATURATED }, { reductions: REDUCTIONS })).toEqual(explicit);
  });
});
