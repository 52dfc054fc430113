import { terminalText } from '@shootdown/reporter';
import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from '../comparison-request.js';
import { allowsProgress, type Surroundings } from '../context.js';

/** A progress bar on stderr; `stop` removes it. */
export interface ProgressBar {
  readonly update: OnProgress;
  readonly stop: () => void;
}

const SILENT: ProgressBar = { update: () => undefined, stop: () => undefined };

/** A bar where somebody watches, else nothing at all. */
export function startProgress(surroundings: Surroundings): ProgressBar {
  if (!allowsProgress(surroundings)) return SILENT;
  const bar = new SingleBar(
    { stream: surroundings.stderr, format: '{bar} {value}/{total} {current}', clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(1, 0, { current: '' });
  return {
    update: ({ cellsDone, cellsTotal, current }) => {
      bar.setTotal(cellsTotal);
      bar.update(cellsDone, { current: terminalText(current) });
    },
    stop: () => bar.stop(),
  };
}
