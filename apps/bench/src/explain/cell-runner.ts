import { setImmediate } from 'node:timers/promises';
import {
  type CellResult,
  cellText,
  checkCell,
  type Memory,
  type RunningCell,
  type startCell,
} from '@shootdown/checker';
import type { CellDescription } from '@shootdown/checker';
import type { PlannedCell } from '../check/plan-cells.js';

/** States between two returns to the event loop: a few tens of milliseconds. */
const PORTION = 8192;

export interface CellLimits {
  readonly maxStates: number;
  readonly maxSeconds: number | undefined;
  readonly maxMegabytes: number;
}

/** Explores cells of one strategy, each once. */
export class CellRunner {
  readonly #strategy: Pick<PlannedCell, 'strategy' | 'options' | 'given'>;
  readonly #limits: CellLimits;
  readonly #report: (text: string, state: ReturnType<RunningCell['progress']>) => void;
  readonly #start: typeof startCell;
  readonly #known = new Map<string, CellResult>();

  constructor(
    strategy: Pick<PlannedCell, 'strategy' | 'options' | 'given'>,
    limits: CellLimits,
    report: (text: string, state: ReturnType<RunningCell['progress']>) => void,
    start: typeof startCell,
  ) {
    this.#start = start;
    this.#strategy = strategy;
    this.#limits = limits;
    this.#report = report;
  }

  /** The cell as a counterexample names it. */
  planned(cell: CellDescription): PlannedCell {
    return { ...cell, ...this.#strategy };
  }

  /** @throws ShootdownError of `startCell`, and what the strategy does wrong */
  async check(cell: CellDescription, memory: Memory): Promise<CellResult> {
    checkCell(cell);
    const key = JSON.stringify([cell, memory]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = await this.#explore(cell, memory);
    this.#known.set(key, result);
    return result;
  }

  async #explore(cell: CellDescription, memory: Memory): Promise<CellResult> {
    const start = performance.now();
    const { maxStates, maxSeconds, maxMegabytes } = this.#limits;
    const isLate = (): boolean => maxSeconds !== undefined && (performance.now() - start) / 1000 > maxSeconds;
    const limits = { maxStates, maxBytes: maxMegabytes * 1e6, expired: isLate };
    const running = this.#start(this.planned(cell), memory, limits);
    while (!running.advance(PORTION)) {
      this.#report(`${cellText(cell)}, ${memory}`, running.progress());
      await setImmediate();
    }
    return running.finish();
  }
}
