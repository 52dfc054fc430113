import { describe, it } from 'vitest';
import { expectSameStates, type Place } from './remembered-moves.js';

const PLACE = { targets: 'user', initiators: 1, cpus: 2, nmis: 0, walker: 'saturated' } as const;

/** Cells whose moves read most of what one CPU may read of another: marks, freed tables, store buffers, NMIs, migrations of contexts. */
const CELLS: readonly (readonly [Parameters<typeof expectSameStates>[0], Place, 'sc' | 'tso'])[] = [
  ['sync', { ...PLACE, scenario: 'clean-dirty' }, 'tso'],
  ['concurrent', { ...PLACE, scenario: 'free-table', targets: 'switching' }, 'sc'],
  ['early', { ...PLACE, scenario: 'unmap', nmis: 1 }, 'tso'],
  ['none', { ...PLACE, scenario: 'remap', targets: 'lazy', walker: 'speculative' }, 'tso'],
];

describe('remembered moves', { timeout: 120_000 }, () => {
  it.each(CELLS)('lead to the states that making them leads to: %s, %o, %s', (variant, place, memory) =>
    expectSameStates(variant, place, memory, 3000),
  );
});
