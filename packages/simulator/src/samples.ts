import { ShootdownError } from '@shootdown/core';
import { ExactSum } from './exact-sum.js';

/** Samples lie below 2^52 ps, 75 minutes: a square then splits into three products that Float64 holds exactly. */
const SAMPLE_LIMIT = 2 ** 52;
const HALF = 2 ** 26;

/** What a set of latency samples says, in picoseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly meanPs: number;
  /** The middle sample, or the mean of the two middle ones. */
  readonly medianPs: number;
  /** Nearest rank: the least sample that at least 90 % of the samples do not exceed. */
  readonly p90Ps: number;
  readonly p99Ps: number;
  readonly minPs: number;
  readonly maxPs: number;
  /** Sample standard deviation (n − 1 in the denominator); 0 for one sample. */
  readonly stddevPs: number;
}

/**
 * Records latencies in integer picoseconds. Sums are exact integers, so mean and standard deviation are the same to the last bit for
 * every order of recording and on every host; percentiles are samples, never interpolated.
 */
export class LatencySamples {
  #values: Float64Array;
  #count = 0;

  /** @param capacity samples that fit before the array grows. */
  constructor(capacity: number = 1024) {
    this.#values = new Float64Array(Math.max(1, capacity));
  }

  get count(): number {
    return this.#count;
  }

  /** @throws ShootdownError INTERNAL when the sample is no integer from 0 to 2^52 − 1. */
  record(latencyPs: number): void {
    if (!(Number.isInteger(latencyPs) && latencyPs >= 0 && latencyPs < SAMPLE_LIMIT)) refuse(latencyPs);
    if (this.#count === this.#values.length) this.#grow();
    this.#values[this.#count++] = latencyPs;
  }

  /** Forgets every sample, at the end of a warm-up. */
  reset(): void {
    this.#count = 0;
  }

  /** The samples in the order of recording; a view that the next `record` may leave behind. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#count);
  }

  /** @throws ShootdownError INTERNAL when there is no sample: a mean of nothing would be NaN in a table. */
  summary(): LatencySummary {
    if (this.#count === 0)
      throw new ShootdownError(
        'INTERNAL',
        'No latency was recorded, so there is nothing to sum up: record at least one.',
      );
    const sorted = this.values().slice().sort();
    return {
      count: this.#count,
      ...moments(sorted),
      medianPs: median(sorted),
      p90Ps: percentile(sorted, 90),
      p99Ps: percentile(sorted, 99),
      minPs: sorted[0] as number,
      maxPs: sorted[sorted.length - 1] as number,
    };
  }

  #grow(): void {
    const values = new Float64Array(2 * this.#values.length);
    values.set(this.#values);
    this.#values = values;
  }
}

/** The sample of rank ⌈percent × n / 100⌉, worked out in integers. */
function percentile(sorted: Float64Array, percent: number): number {
  const rank = Math.ceil((percent * sorted.length) / 100);
  return sorted[rank - 1] as number;
}

function median(sorted: Float64Array): number {
  const upper = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[upper] as number;
  return ((sorted[upper - 1] as number) + (sorted[upper] as number)) / 2;
}

/** Mean Σx/n and standard deviation √((n Σx² − (Σx)²) / (n (n − 1))): integers up to the last division. */
function moments(values: Float64Array): Pick<LatencySummary, 'meanPs' | 'stddevPs'> {
  const count = BigInt(values.length);
  const { sum, squares } = exactSums(values);
  const meanPs = Number(sum) / values.length;
  if (values.length === 1) return { meanPs, stddevPs: 0 };
  return { meanPs, stddevPs: Math.sqrt(Number(count * squares - sum * sum) / Number(count * (count - 1n))) };
}

/** Σx and Σx². With x = high · 2^26 + low, x² is high² · 2^52 + 2 · high · low · 2^26 + low². */
function exactSums(values: Float64Array): { sum: bigint; squares: bigint } {
  const [sum, highs, crosses, lows] = [new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum()];
  for (const value of values) {
    const high = Math.floor(value / HALF);
    const low = value % HALF;
    sum.add(value);
    highs.add(high * high);
    crosses.add(high * low);
    lows.add(low * low);
  }
  return { sum: sum.value, squares: (highs.value << 52n) + (crosses.value << 27n) + lows.value };
}

function refuse(latencyPs: number): never {
  throw new ShootdownError(
    'INTERNAL',
    `Latency sample ${latencyPs} ps is refused: give an integer from 0 to 2^52 - 1 picoseconds.`,
  );
}
