import { describe, expect, it } from 'vitest';
import { exposed, interrupted, programs, users } from '../kit/random-machine.js';
import { compareReductions, compareWalkers } from './random-reduced.js';

describe('random programs', { timeout: 120_000 }, () => {
  it('are told the same with every reduction and either store', () => {
    expect(compareReductions(programs, { seed: 5, numRuns: 40 })).toBeGreaterThan(20);
  });

  it('are told the same where interrupts and NMIs use the page', () => {
    expect(compareReductions(interrupted, { seed: 5, numRuns: 40 })).toBeGreaterThan(15);
  });

  it('are told the same where CPUs are in user mode and NMIs come to nothing', () => {
    expect(compareReductions(exposed, { seed: 5, numRuns: 60 })).toBeGreaterThan(30);
  });

  it('are told the same by either walker', () => {
    expect(compareWalkers(users, { seed: 5, numRuns: 25 })).toBeGreaterThan(8);
  });
});
