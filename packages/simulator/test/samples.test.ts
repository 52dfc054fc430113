import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum } from '../src/exact-sum.js';
import { LatencySamples } from '../src/samples.js';

const latency = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 10 ** 8 }),
  fc.integer({ min: 0, max: 2 ** 52 - 1 }),
);
const latencies = fc.array(latency, { minLength: 1, maxLength: 200 });

function summaryOf(values: readonly number[]): ReturnType<LatencySamples['summary']> {
  const samples = new LatencySamples(1);
  for (const value of values) samples.record(value);
  return samples.summary();
}

describe('summary', () => {
  it('of known samples', () => {
    expect(summaryOf([4, 1, 3, 2])).toEqual({
      count: 4,
      meanPs: 2.5,
      medianPs: 2.5,
      p90Ps: 4,
      p99Ps: 4,
      minPs: 1,
      maxPs: 4,
      stddevPs: Math.sqrt(5 / 3),
    });
    expect(summaryOf([7])).toEqual({
      count: 1,
      meanPs: 7,
      medianPs: 7,
      p90Ps: 7,
      p99Ps: 7,
      minPs: 7,
      maxPs: 7,
      stddevPs: 0,
    });
  });

  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(summaryOf(hundred)).toMatchObject({ medianPs: 50.5, p90Ps: 90, p99Ps: 99, maxPs: 100 });
    expect(summaryOf([...hundred, 101])).toMatchObject({ medianPs: 51, p90Ps: 91, p99Ps: 100, maxPs: 101 });
  });

  it('is the same to the last bit for every order', () => {
    const shuffled = latencies.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(summaryOf(other)).toEqual(summaryOf(list));
      }),
      { seed: 1 },
    );
  });

  it('agrees with integer arithmetic', () => {
    fc.assert(
      fc.property(latencies, (list) => {
        const n = BigInt(list.length);
        const sum = list.reduce((total, value) => total + BigInt(value), 0n);
        const squares = list.reduce((total, value) => total + BigInt(value) ** 2n, 0n);
        const summary = summaryOf(list);
        expect(summary.meanPs).toBe(Number(sum) / list.length);
        const variance = list.length === 1 ? 0 : Number(n * squares - sum * sum) / Number(n * (n - 1n));
        expect(summary.stddevPs).toBe(Math.sqrt(variance));
        const below = (limit: number): number => list.filter((value) => value <= limit).length;
        expect(below(summary.p90Ps) * 100).toBeGreaterThanOrEqual(90 * list.length);
        expect(below(summary.p90Ps - 1) * 100).toBeLessThan(90 * list.length);
      }),
      { seed: 2 },
    );
  });

  it('of equal samples has no deviation at all, however large they are', () => {
    expect(summaryOf(Array.from({ length: 1000 }, () => 2 ** 52 - 1))).toMatchObject({
      meanPs: 2 ** 52 - 1,
      stddevPs: 0,
    });
  });
});

describe('recorder', () => {
  it('grows, keeps the order and forgets on reset', () => {
    const samples = new LatencySamples(2);
    for (const value of [5, 3, 9, 1, 7]) samples.record(value);
    expect([...samples.values()]).toEqual([5, 3, 9, 1, 7]);
    samples.summary();
    expect([...samples.values()]).toEqual([5, 3, 9, 1, 7]);
    samples.reset();
    samples.record(2);
    expect(samples.summary()).toMatchObject({ count: 1, meanPs: 2 });
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 52])('refuses %d', (value) => {
    expect(() => new LatencySamples().record(value)).toThrowError(expect.objectContaining({ code: 'INTERNAL' }));
  });

  it('refuses to sum up nothing', () => {
    expect(() => new LatencySamples().summary()).toThrowError(/No latency was recorded/);
  });
});

describe('exact sum', () => {
  it('does not round where a Float64 sum would', () => {
    const sum = new ExactSum();
    const values = [2 ** 52, 1, 2 ** 52, 1, 1];
    for (const value of values) sum.add(value);
    expect(sum.value).toBe(2n ** 53n + 3n);
  });
});
