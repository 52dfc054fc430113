import { machineProfile } from '@shootdown/core';
import { requireHardware } from '@shootdown/host';
import { describe, expect, it } from 'vitest';
import { plain, refusal, strategyWith } from './fixture.js';

describe('requireHardware', () => {
  const haswell = machineProfile('haswell');

  it('lets a strategy run on a machine that has what it needs', () => {
    expect(() => requireHardware(plain, haswell)).not.toThrow();
    expect(() => requireHardware(strategyWith({ requires: ['pcid', 'invpcid'] }), haswell)).not.toThrow();
  });

  it('names the strategy, the machine and what is missing', () => {
    const error = refusal(() => requireHardware(strategyWith({ requires: ['pcid', 'invlpgb'] }), haswell));
    expect(error.code).toBe('MISSING_HARDWARE');
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(/^Strategy 'plain' needs invlpgb, which machine 'haswell' lacks/);
    expect(error.details).toEqual({ strategy: 'plain', machine: 'haswell', missing: ['invlpgb'] });
  });
});
