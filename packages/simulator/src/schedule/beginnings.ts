import type { Schedule } from '@shootdown/core';
import type { ScheduleTiming } from './schedule-timing.js';

/**
 * The run in which least has to be late, of those that differ in when their CPUs begin. A CPU whose first late move is late by so much begins
 * so much later, as long as that helps: then it is not slow, it was only asked later.
 */
export function leastLucky(
  schedule: Schedule,
  cpuCount: number,
  run: (beginPs: readonly number[]) => ScheduleTiming,
): ScheduleTiming {
  let best = run(new Array<number>(cpuCount).fill(0));
  for (let cpu = 0; cpu < cpuCount; cpu++) {
    const next = later(schedule, best, cpu, run);
    if (next === undefined) continue;
    best = next;
    cpu = -1;
  }
  return best;
}

/** The run with a later beginning of this CPU; undefined when that gains less than half of the delay, or would put all beginnings off. */
function later(
  schedule: Schedule,
  timing: ScheduleTiming,
  cpu: number,
  run: (beginPs: readonly number[]) => ScheduleTiming,
): ScheduleTiming | undefined {
  const first = timing.moves.find(({ heldPs }, index) => heldPs > 0 && schedule.cpu(index) === cpu);
  if (first === undefined) return undefined;
  const beginPs = timing.beginPs.map((ps, each) => (each === cpu ? ps + first.heldPs : ps));
  if (Math.min(...beginPs) > 0) return undefined;
  const next = run(beginPs);
  return luckPs(next) <= luckPs(timing) - first.heldPs / 2 ? next : undefined;
}

/** What has to be late in all. */
function luckPs({ moves }: ScheduleTiming): number {
  return moves.reduce((sum, { heldPs }) => sum + heldPs, 0);
}
