import { explore } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { WORK } from '../exploration/rows.js';
import { HARDWARE, machineOf } from '../kit/explored.js';
import { timeCell } from '../kit/timed.js';
import { VARIANTS } from '../kit/variants.js';
import { withoutHost } from '@shootdown/testkit';

describe('with clock, chance and inexact mathematics poisoned', { timeout: 120_000 }, () => {
  it('the poison works, and is gone afterwards', () => {
    const uses: readonly (() => unknown)[] = [
      () => new Date(),
      () => Math.random(),
      () => performance.now(),
      () => Math.exp(1),
    ];
    for (const use of uses) expect(() => withoutHost(use)).toThrow('was used');
    expect(Math.random()).toBeLessThan(1);
  });

  it.each(['madvise', 'munmap', 'kswapd'])('a timed run of %s boots, runs and gives the same result', (scenario) => {
    const meanNs = (): readonly number[] =>
      Object.values(VARIANTS).map((variant) => timeCell({ variant, scenario, threads: 4 }).meanNs);
    expect(withoutHost(meanNs)).toEqual(meanNs());
  });

  it('an exploration gives the same result', () => {
    const states = (): number =>
      explore(machineOf({ variant: VARIANTS.none, ...WORK.reclaim }), { actions: HARDWARE, maxStates: 5000 }).states;
    expect(withoutHost(states)).toBe(states());
  });
});
