import { ShootdownError } from '@shootdown/core';

/** Fractions of a nanosecond are kept in 1024ths, which binary numbers hold exactly: sums do not depend on their order. */
const QUANTA_PER_NS = 1024n;
const PS_PER_NS = 1000n;

/** A mean and its parts, in nanoseconds. The parts add up to the mean exactly, in any order of addition. */
export interface Breakdown {
  readonly meanNs: number;
  readonly phases: Readonly<Record<string, number>>;
}

/**
 * Divides phase totals by the number of operations without losing anything: the mean is rounded to 1/1024 ns and what rounding
 * leaves over goes to the phases with the largest remainders, the earlier phase first.
 * @param totalsPs simulated time spent in each phase, in integer picoseconds, over all operations
 * @throws ShootdownError INTERNAL when a total is not a non-negative safe integer or when there are no operations
 */
export function breakdownPerOp(totalsPs: Readonly<Record<string, number>>, operations: number): Breakdown {
  check('operations', operations, 1);
  const names = Object.keys(totalsPs);
  const totals = names.map((name) => BigInt(check(name, totalsPs[name] ?? 0, 0)));
  const divisor = PS_PER_NS * BigInt(operations);
  const sum = totals.reduce((a, b) => a + b, 0n) * QUANTA_PER_NS;
  const mean = (2n * sum + divisor) / (2n * divisor);
  const parts = apportion(totals, divisor, mean);
  return { meanNs: toNs(mean), phases: Object.fromEntries(names.map((name, i) => [name, toNs(parts[i] ?? 0n)])) };
}

/** Whole quanta of each total, corrected so that they add up to `mean`. The rest is never larger than the number of totals. */
function apportion(totals: readonly bigint[], divisor: bigint, mean: bigint): bigint[] {
  const parts = totals.map((total) => (total * QUANTA_PER_NS) / divisor);
  const remainder = (i: number): bigint => ((totals[i] ?? 0n) * QUANTA_PER_NS) % divisor;
  const byRemainder = totals.map((_, i) => i).sort((a, b) => Number(remainder(b) - remainder(a)) || a - b);
  let rest = Number(mean - parts.reduce((a, b) => a + b, 0n));
  for (const i of byRemainder) {
    if (rest === 0) break;
    parts[i] = (parts[i] ?? 0n) + 1n;
    rest -= 1;
  }
  return parts;
}

function toNs(quanta: bigint): number {
  return Number(quanta) / Number(QUANTA_PER_NS);
}

function check(name: string, value: number, atLeast: number): number {
  if (Number.isSafeInteger(value) && value >= atLeast) return value;
  throw new ShootdownError('INTERNAL', `Breakdown, ${name}: ${value} is not a safe integer of at least ${atLeast}.`);
}
