import { DISTANCE_CLASSES } from '@shootdown/core';

/** What the directory charges, in integer picoseconds; a `CostTable` fits. Arrays are indexed by distance class. */
export interface DirectoryCosts {
  /** Access to a line that the CPU holds. */
  readonly l1HitPs: number;
  /** Read of a clean line from the cache that the reader's complex shares. */
  readonly sharedReadPs: number;
  /** Access to a line that no cache holds. */
  readonly memoryReadPs: number;
  /** Share of a transfer during which the line cannot serve the next requester, 0 to 1. */
  readonly lineBusyFraction: number;
  /** Read for ownership of a line that one other CPU holds, by the distance of that CPU. */
  readonly transferPs: readonly number[];
  /** Plain read of a line that one other CPU holds, by the distance of that CPU. */
  readonly readPs: readonly number[];
  /** Invalidation of other copies, by the distance of the farthest. */
  readonly upgradePs: readonly number[];
}

/** How long one kind of request takes and how long the line is then busy for the next, by distance class. */
export interface RequestCosts {
  readonly latencyPs: Float64Array;
  readonly busyPs: Float64Array;
}

/**
 * Latencies with the busy part worked out. A request that misses takes at least a picosecond longer than a hit, so that grants keep
 * the order of their requests even where a study sets a transfer to nothing.
 */
export function requestCosts(costs: DirectoryCosts, latencies: readonly number[]): RequestCosts {
  const latencyPs = new Float64Array(DISTANCE_CLASSES);
  for (let distance = 0; distance < DISTANCE_CLASSES; distance++) {
    latencyPs[distance] = Math.max(latencies[distance] ?? 0, costs.l1HitPs + 1);
  }
  return { latencyPs, busyPs: latencyPs.map((latency) => Math.round(latency * costs.lineBusyFraction)) };
}
