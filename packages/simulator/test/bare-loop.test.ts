import { describe, expect, it } from 'vitest';
import { bareLoop } from '../bench/bare-loop.js';

describe('bare loop', () => {
  it('ends at the same time whenever it runs, and later with more events', () => {
    const { clockPs, seconds } = bareLoop(64, 10_000);
    expect(bareLoop(64, 10_000).clockPs).toBe(clockPs);
    expect(bareLoop(64, 20_000).clockPs).toBeGreaterThan(clockPs);
    expect(seconds).toBeGreaterThan(0);
  });

  it('advances one process by its mean delay of half a microsecond', () => {
    expect(bareLoop(1, 10_000).clockPs / 10_000).toBeCloseTo(500_500, -4);
  });
});
