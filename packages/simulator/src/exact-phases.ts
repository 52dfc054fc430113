/** Nanoseconds are reported as multiples of 2^-10, about a picosecond: such numbers add up exactly in Float64. */
const GRAIN = 1024;

/** Mean and phases per operation, in nanoseconds; the phases add up to the mean to the last bit. */
export interface ExactPhases {
  readonly meanNs: number;
  readonly phasesNs: readonly number[];
}

/**
 * Divides totals of integer picoseconds by the number of operations such that the quotients, rounded to 2^-10 ns, add up
 * exactly: the mean is rounded, then what rounding the phases down leaves goes to those with the largest remainders.
 */
export function exactPhases(totalsPs: Float64Array, operations: number): ExactPhases {
  const grains = Array.from(totalsPs, (total) => (total * GRAIN) / (1000 * operations));
  const total = totalsPs.reduce((sum, ps) => sum + ps, 0);
  const mean = Math.round((total * GRAIN) / (1000 * operations));
  const floors = grains.map(Math.floor);
  let left = mean - floors.reduce((sum, value) => sum + value, 0);
  const byRemainder = grains.map((value, index) => ({ index, rest: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index, rest } of byRemainder) {
    if (left <= 0) break;
    if (rest === 0 && totalsPs[index] === 0) continue;
    floors[index] = (floors[index] as number) + 1;
    left--;
  }
  return { meanNs: mean / GRAIN, phasesNs: floors.map((value) => value / GRAIN) };
}
