import type { Cell, CellDescription } from '@shootdown/checker';
import { cellOf } from './cells.js';
import type { SeamEntry } from './entry.js';
import { cellOfVariant } from './run-entry.js';

const SCENARIOS = ['unmap', 'protect', 'remap', 'clean-dirty', 'free-table', 'reclaim'] as const;

/** The cells that `check` explores when it is asked for nothing in particular. */
export const defaultCells: readonly CellDescription[] = SCENARIOS.map((scenario) => cellOf({ scenario }));

/** The buggy variant of an entry in another cell. */
export function buggyIn(entry: SeamEntry, cell: CellDescription): Cell {
  return { ...cellOfVariant(entry, 'buggy'), ...cell };
}
