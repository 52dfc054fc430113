import { describe, expect, it } from 'vitest';
import { exposed, interrupted, programs, ticking, users } from '../kit/random-machine.js';
import { compareReductions, compareWalkers } from './random-reduced.js';

describe('many random programs', { timeout: 1_800_000 }, () => {
  it.each([77, 78, 79])('are told the same with every reduction and either store (seed %i)', (seed) => {
    expect(compareReductions(programs, { seed, numRuns: 1500 })).toBeGreaterThan(700);
  });

  it('are told the same where local timers run down', () => {
    expect(compareReductions(ticking, { seed: 77, numRuns: 600 })).toBeGreaterThan(200);
  });

  it('are told the same where interrupts and NMIs use the page', () => {
    expect(compareReductions(interrupted, { seed: 77, numRuns: 600 })).toBeGreaterThan(200);
  });

  it('are told the same where CPUs are in user mode and NMIs come to nothing', () => {
    expect(compareReductions(exposed, { seed: 77, numRuns: 1500 })).toBeGreaterThan(700);
  });

  it('are told the same by either walker', () => {
    expect(compareWalkers(users, { seed: 77, numRuns: 600 })).toBeGreaterThan(150);
  });
});
