import { unlessFull } from './unless-full.js';
import { describe, expect, it } from 'vitest';
import { Commuting } from './commuting.js';
import { randomFlush } from './random-flushes.js';

const MACHINES = 250;
const MOST_STATES = 500;

/** The same, unless a program of the machine is one that no kernel has. */
function checked(seed: number): Commuting | undefined {
  const commuting = new Commuting(randomFlush(seed));
  return unlessFull(() => commuting.check(MOST_STATES)) === true ? commuting : undefined;
}

describe('moves that hurry', { timeout: 60_000 }, () => {
  it('commute with all that can come before them, to the last word of the monitors', () => {
    let eager = 0;
    for (let seed = 0; seed < MACHINES; seed++) {
      const commuting = checked(seed);
      expect({ seed, faults: commuting?.faults ?? [] }).toEqual({ seed, faults: [] });
      eager += commuting?.eager ?? 0;
    }
    expect(eager).toBeGreaterThan(1000);
  });
});
