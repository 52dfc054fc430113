import { ASSUMPTION_NAMES, assumptionValues } from '@shootdown/scenarios';
import { describe, expect, it } from 'vitest';
import { type Change, verdict } from './verdict.js';

const CHANGES: readonly Change[] = ASSUMPTION_NAMES.flatMap((name) =>
  assumptionValues(name).map((value) => ({ nmis: name === 'nmi' ? 1 : 0, assume: { [name]: value } })),
);

/** The reductions know nothing of the environment; these cells hold them against the search that makes every move. */
describe('with every value of every assumption', { timeout: 300_000 }, () => {
  it.each(CHANGES)('%o: reductions and walkers as sets leave the verdict as it is', (change) => {
    const whole = verdict('early', change, 'tso', { reductions: [] });
    expect(verdict('early', change, 'tso')).toBe(whole);
    expect(verdict('early', { ...change, walker: 'saturated' })).toBe(verdict('early', change));
  });
});
