import { terminalText } from '@shootdown/reporter';
import { Presets, SingleBar } from 'cli-progress';
import type { CheckProgress } from '../check/check-request.js';
import { allowsProgress, type Surroundings } from '../context.js';

/** Progress of a check on stderr; `stop` removes it. */
export interface CheckProgressBar {
  readonly update: (progress: CheckProgress) => void;
  readonly stop: () => void;
}

const SILENT: CheckProgressBar = { update: () => undefined, stop: () => undefined };

/**
 * Cells done, and of the present one its states, its frontier, the states per second and how long the frontier alone will take, which is
 * the least that is left: where somebody watches.
 */
export function startCheckProgress(surroundings: Surroundings): CheckProgressBar {
  if (!allowsProgress(surroundings)) return SILENT;
  const format =
    '{bar} {value}/{total} {current}: {states} states, {frontier} to expand, {rate} states/s, {left} to go';
  const stream = surroundings.stderr;
  const bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: true }, Presets.shades_classic);
  let cell = { current: '', startedAt: 0 };
  bar.start(1, 0, { current: '', states: 0, frontier: 0, rate: 0, left: '?' });
  return {
    update({ cellsDone, cellsTotal, current, states, frontier }) {
      const now = performance.now();
      if (current !== cell.current) cell = { current, startedAt: now };
      const seconds = (now - cell.startedAt) / 1000;
      const rate = seconds === 0 ? 0 : Math.round(states / seconds);
      bar.setTotal(cellsTotal);
      const left = rate === 0 ? '?' : `at least ${Math.ceil(frontier / rate)} s`;
      bar.update(cellsDone, { current: terminalText(current), states, frontier, rate, left });
    },
    stop: () => bar.stop(),
  };
}
