import { constants, type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { machineProfiles } from '@shootdown/core';
import { findScenario } from '@shootdown/scenarios';
import { prepareRun, scenarioWorkload, type TimedResult } from '@shootdown/simulator';
import type { Strategy } from '@shootdown/plugin';

const WARM_UP = 10;
const PAGES = 10;

/** A strategy with its options in full. */
export interface Contender {
  readonly strategy: Strategy;
  readonly options: object;
}

/** What one run of the headline scenario cost the host. */
export interface Run {
  readonly bootSeconds: number;
  readonly seconds: number;
  readonly operations: number;
  readonly result: TimedResult;
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no ${what}.`);
  return value;
}

const profile = found(
  machineProfiles.find(({ name }) => name === 'server'),
  "machine 'server'",
);
const scenario = found(findScenario('madvise'), "scenario 'madvise'");

/** Runs `operations` shootdowns of the headline scenario at full costs with every monitor on. */
export function runHeadline({ strategy, options }: Contender, threads: number, operations: number): Run {
  const start = performance.now();
  const workload = scenarioWorkload({ profile, scenario, strategy, options, threads, pages: PAGES, operations });
  const limits = { maxTimePs: 1e15, maxOps: 1e12 };
  const prepared = prepareRun(workload, profile, { seed: 1, warmUp: Math.min(WARM_UP, operations - 1), limits });
  const booted = performance.now();
  const result = prepared.finish();
  const end = performance.now();
  return { bootSeconds: (booted - start) / 1000, seconds: (end - booted) / 1000, operations, result };
}

/** Nanoseconds of the host per executed micro-op. */
export function nsPerOp({ seconds, result }: Run): number {
  return (seconds * 1e9) / result.ops;
}

function isScavenge(entry: PerformanceEntry): boolean {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  const kind: unknown = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : undefined;
  return kind === constants.NODE_PERFORMANCE_GC_MINOR;
}

/** Scavenges of the young generation while `work` ran. */
export async function scavengesOf(work: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().filter(isScavenge).length;
  });
  observer.observe({ entryTypes: ['gc'] });
  work();
  // The observer is told in a later turn of the event loop.
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  observer.disconnect();
  return count;
}

/** The value below which a share of the sample lies. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
