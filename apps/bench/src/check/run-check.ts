import { setImmediate } from 'node:timers/promises';
import { cellText, type RunningCell, startCell } from '@shootdown/checker';
import type { Registry } from '@shootdown/host';
import { isStrategyFault } from '../comparison/cell-error.js';
import { type StrategyVariant, variantKey } from '@shootdown/reporter';
import { packageVersion } from '../version.js';
import type { CheckDocument, CheckRow } from './check-document.js';
import type { CheckProgress, CheckRequest, RunCheck } from './check-request.js';
import { exploredRow, failedRow } from './check-row.js';
import { claimTexts } from './claim.js';
import { type PlannedCell, planCells } from './plan-cells.js';

/** States between two returns to the event loop: a few tens of milliseconds. */
const PORTION = 8192;

/** See `RunCheck`, with these strategies. */
export function makeRunCheck(registry: Registry): RunCheck {
  return (request, onProgress) => {
    const cells = planCells(request, registry);
    const rows: CheckRow[] = [];
    let present: Exploring | undefined;
    const explore = async (): Promise<CheckDocument> => {
      for (const cell of cells) {
        present = new Exploring(cell, request);
        const report = (state: ReturnType<RunningCell['progress']>): void =>
          onProgress(progressOf(rows.length, cells, cell, state));
        rows.push(await present.toEnd(report));
        present = undefined;
      }
      return documentOf(request, cells, rows);
    };
    return {
      finished: explore(),
      soFar: () => documentOf(request, cells, present === undefined ? rows : [...rows, present.row()]),
    };
  };
}

/** One cell on its way. What the strategy does wrong becomes a failed row; every other error is thrown. */
class Exploring {
  readonly #cell: PlannedCell;
  readonly #request: CheckRequest;
  readonly #start: number = performance.now();
  #running: RunningCell | undefined;

  constructor(cell: PlannedCell, request: CheckRequest) {
    this.#cell = cell;
    this.#request = request;
  }

  async toEnd(report: (state: ReturnType<RunningCell['progress']>) => void): Promise<CheckRow> {
    try {
      const running = startCell(this.#cell, this.#request.memory, this.#options());
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
    const running = this.#running ?? startCell(this.#cell, this.#request.memory, this.#options());
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
    return (performance.now() - this.#start) / 1000;
  }
}

function progressOf(
  cellsDone: number,
  cells: readonly PlannedCell[],
  cell: PlannedCell,
  { memory, ...search }: ReturnType<RunningCell['progress']>,
): CheckProgress {
  const current = `${cell.strategy.name}: ${cellText(cell)}, ${memory}`;
  return { ...search, cellsDone, cellsTotal: cells.length, current };
}

function documentOf(
  { commandLine }: CheckRequest,
  cells: readonly PlannedCell[],
  rows: readonly CheckRow[],
): CheckDocument {
  const version = packageVersion();
  return {
    schemaVersion: 1,
    kind: 'check',
    tool: { name: 'shootdown', version },
    commandLine,
    strategies: variantsOf(cells),
    cells: cells.length,
    rows: [...rows],
    claims: claimTexts(rows, variantsOf(cells), version),
  };
}

function variantsOf(cells: readonly PlannedCell[]): readonly StrategyVariant[] {
  const variants = cells.map(({ strategy: { name }, given, options }) => ({ name, given, options }));
  return [...new Map(variants.map((variant) => [variantKey(variant.name, variant.options), variant])).values()];
}
