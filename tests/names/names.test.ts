import { explore } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { WORK } from '../exploration/rows.js';
import { machineOf } from '../kit/explored.js';
import { timeCell } from '../kit/timed.js';
import { VARIANTS, type Variant } from '../kit/variants.js';
import { renamed } from './renamed.js';

/** Everything a timed run says, the live machine apart. */
function timed(variant: Variant, scenario: string, threads: number): object {
  const { machine, schedule, ...said } = timeCell({ variant, scenario, threads, record: true });
  return { ...said, moves: schedule?.length, state: [...machine.state] };
}

describe('neither driver nor the monitors know a strategy by its name or options', { timeout: 120_000 }, () => {
  it.each(Object.values(VARIANTS))('$title: the same times, counters, verdict and final state', (variant) => {
    for (const scenario of ['madvise', 'munmap'])
      expect(timed(renamed(variant), scenario, 4)).toEqual(timed(variant, scenario, 4));
  });

  it('the same graph and the same counterexample', () => {
    const of = (which: Variant) => explore(machineOf({ variant: which, ...WORK.mprotect }), { stopAtFirst: true });
    const found = of(VARIANTS.none);
    expect(found.verdict).toBe('violated');
    expect(of(renamed(VARIANTS.none))).toEqual(found);
  });
});
