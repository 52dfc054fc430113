import { runComparison } from '../../apps/bench/src/run-comparison.js';

const THREADS = [1, 2, 4];

/** What `compare` says of each row of a scenario: strategy, acknowledgement if it has that option, threads, verdict and kinds of violations. */
export async function verdicts(machine: string, scenario: string): Promise<readonly string[]> {
  const named = (name: string, options: Readonly<Record<string, string>> = {}) => ({ name, options });
  const strategies = [
    named('sync'),
    named('concurrent'),
    named('async-inline'),
    named('async-inline', { ack: 'none' }),
  ];
  const request = { machine, scenario, strategies, threads: THREADS, pages: [1], iterations: 10, seed: 1 };
  const { rows } = await runComparison({ ...request, commandLine: 'shootdown compare' }, () => undefined);
  return rows.map((row) => {
    if (row.status !== 'ok') return `${row.strategy} ${row.status}`;
    const { verdict, violations } = row.safety;
    const kinds = new Set(violations.map(({ contract, form }) => `${contract} ${form}`));
    return [row.strategy, row.options['ack'] ?? '-', row.threads, verdict, ...kinds].join(' ');
  });
}

/** The verdicts with these for `ack: none` at 1, 2 and 4 threads, and clean for all other rows. */
export const expected = (none: readonly [one: string, two: string, four: string]): readonly string[] => [
  ...['sync -', 'concurrent -', 'async-inline early'].flatMap((row) => THREADS.map((count) => `${row} ${count} clean`)),
  ...THREADS.map((count, index) => `async-inline none ${count} ${none[index] ?? ''}`),
];

const EXPOSED = 'violated C1 exposed';

/**
 * Scenarios in which the protocol as first posted is seen to be broken in one timed run, and those in which it is not:
 * - munmap: requests that free page tables stay synchronous whatever `ack` says;
 * - lazy: a lazy CPU is no target. It may owe its flush, and pays it before it runs the mm again;
 * - idle: CPUs in deep idle have left mm_cpumask, so nobody owes anything.
 */
export const SCENARIO_ROWS: readonly (readonly [scenario: string, none: readonly [string, string, string]])[] = [
  ['madvise', ['clean', EXPOSED, EXPOSED]],
  ['munmap', ['clean', 'clean', 'clean']],
  ['mprotect', ['clean', EXPOSED, EXPOSED]],
  ['kswapd', ['clean', EXPOSED, EXPOSED]],
  ['lazy', ['clean', 'clean', 'clean']],
  ['idle', ['clean', 'clean', 'clean']],
];
