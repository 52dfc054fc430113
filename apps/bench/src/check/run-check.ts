import { cellText } from '@shootdown/checker';
import type { Registry } from '@shootdown/host';
import { type StrategyVariant, variantKey } from '@shootdown/reporter';
import { NO_GUESTS, registryWith, runnerOf } from '../guests/guests.js';
import { packageVersion } from '../version.js';
import { type CellReport, type CellRun, LocalCellRun } from './cell-run.js';
import type { CheckDocument, CheckRow } from './check-document.js';
import type { CheckProgress, CheckRequest, RunCheck } from './check-request.js';
import { claimTexts } from './claim.js';
import { type PlannedCell, planCells } from './plan-cells.js';

/** See `RunCheck`, with these strategies. */
export function makeRunCheck(registry: Registry): RunCheck {
  return (request, onProgress) => {
    const { guests = NO_GUESTS } = request;
    const cells = planCells(request, registryWith(registry, guests));
    const rows: CheckRow[] = [];
    let present: CellRun | undefined;
    const explore = async (): Promise<CheckDocument> => {
      for (const cell of cells) {
        const runner = runnerOf(guests, cell.strategy.name);
        present = runner === undefined ? new LocalCellRun(cell, request) : runner.startCell(cell, request);
        const report: CellReport = (state) => onProgress(progressOf(rows.length, cells, cell, state));
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

function progressOf(
  cellsDone: number,
  cells: readonly PlannedCell[],
  cell: PlannedCell,
  { memory, ...search }: Parameters<CellReport>[0],
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
