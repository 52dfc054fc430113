import { setImmediate } from 'node:timers/promises';
import { type RunningCell, startCell } from '@shootdown/checker';
import { isStrategyFault } from '../comparison/cell-error.js';
import type { CheckRow } from './check-document.js';
import type { CheckRequest } from './check-request.js';
import { exploredRow, failedRow } from './check-row.js';
import type { PlannedCell } from './plan-cells.js';

/** Told several times a second how far the exploration of a cell has come. */
export type CellReport = (state: ReturnType<RunningCell['progress']>) => void;

/** One cell on its way. What the strategy does wrong becomes a failed row; every other error is thrown. */
export interface CellRun {
  readonly toEnd: (report: CellReport) => Promise<CheckRow>;
  /** The row as far as the cell has come. */
  readonly row: () => CheckRow;
}

/** States between two returns to the event loop: a few tens of milliseconds. */
const PORTION = 8192;

/** As `CellRun`, in this thread. `start` begins the exploration. */
export class LocalCellRun implements CellRun {
  readonly #cell: PlannedCell;
  readonly #request: CheckRequest;
  readonly #startedAt: number = performance.now();
  readonly #start: typeof startCell;
  #running: RunningCell | undefined;

  constructor(cell: PlannedCell, request: CheckRequest, start: typeof startCell = startCell) {
    this.#start = start;
    this.#cell = cell;
    this.#request = request;
  }

  async toEnd(report: CellReport): Promise<CheckRow> {
    try {
      const running = this.#start(this.#cell, this.#request.memory, this.#options());
      this.#running = running;
      while (!running.advance(PORTION)) {
        report(running.progress());
        await setImmediate();
      }
      return this.row();
    } catch (error) {
      if (!isStrategyFault(error)) throw error;
      return failedRow(this.#cell, this.#request, error);
    }
  }

  row(): CheckRow {
    const running = this.#running ?? this.#start(this.#cell, this.#request.memory, this.#options());
    const seconds = this.#request.wantsHostFacts ? this.#seconds() : null;
    return exploredRow(this.#cell, this.#request, running.finish(), seconds);
  }

  #options(): Parameters<typeof startCell>[2] {
    const { maxStates, maxSeconds, maxMegabytes, reductions } = this.#request;
    const limits = { maxStates, maxBytes: maxMegabytes * 1e6, reductions };
    if (maxSeconds === undefined) return limits;
    return { ...limits, expired: () => this.#seconds() > maxSeconds };
  }

  #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
