import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakdownPerOp } from '@shootdown/reporter';

const totals = fc.dictionary(fc.string(), fc.integer({ min: 0, max: 2 ** 40 }), { minKeys: 1, noNullPrototype: true });

describe('breakdownPerOp', () => {
  it('adds up to the mean exactly, in any order of addition', () => {
    fc.assert(
      fc.property(totals, fc.integer({ min: 1, max: 1e6 }), (totalsPs, operations) => {
        const { meanNs, phases } = breakdownPerOp(totalsPs, operations);
        const values = Object.values(phases);
        expect(values.reduce((a, b) => a + b, 0)).toBe(meanNs);
        expect(values.reduceRight((a, b) => a + b, 0)).toBe(meanNs);
      }),
    );
  });

  it('is within 1/1024 ns of the exact quotient, and keeps the order of the phases', () => {
    fc.assert(
      fc.property(totals, fc.integer({ min: 1, max: 1e6 }), (totalsPs, operations) => {
        const { phases } = breakdownPerOp(totalsPs, operations);
        expect(Object.keys(phases)).toEqual(Object.keys(totalsPs));
        for (const [name, ns] of Object.entries(phases)) {
          const exact = (totalsPs[name] ?? 0) / 1000 / operations;
          expect(Math.abs(ns - exact)).toBeLessThanOrEqual(1 / 1024 + exact * 1e-12);
        }
      }),
    );
  });

  it('keeps whole nanoseconds whole', () => {
    const { meanNs, phases } = breakdownPerOp({ prepare: 500_000, wait: 161_000 }, 1);
    expect({ meanNs, phases }).toEqual({ meanNs: 661, phases: { prepare: 500, wait: 161 } });
  });

  it.each([
    [{ wait: -1 }, 1],
    [{ wait: 0.5 }, 1],
    [{ wait: 1 }, 0],
  ])('refuses %j over %d operations', (totalsPs, operations) => {
    expect(() => breakdownPerOp(totalsPs, operations)).toThrow(/is not a safe integer/);
  });
});
