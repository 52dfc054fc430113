import type { Step } from './steps.js';

/** When a move begins and when it takes effect, in nanoseconds. */
export interface MoveTimes {
  readonly startNs: number;
  readonly endNs: number;
}

/** `120..455` for each step: from the beginning of its first move to the last effect of any. `times` are those of all moves, in order. */
export function stepTimes(steps: readonly Step[], times: readonly MoveTimes[]): readonly string[] {
  let first = 0;
  return steps.map(({ moves }) => {
    const own = times.slice(first, first + moves.length);
    first += moves.length;
    const startNs = Math.min(...own.map((time) => time.startNs));
    return timesText({ startNs, endNs: Math.max(...own.map((time) => time.endNs)) });
  });
}

export function timesText({ startNs, endNs }: MoveTimes): string {
  return `${Math.round(startNs)}..${Math.round(endNs)}`;
}
