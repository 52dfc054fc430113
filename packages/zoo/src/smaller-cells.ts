import { type CellDescription, vacuity } from '@shootdown/checker';
import { cellOf } from './cells.js';

const OPTIONS = ['cpus', 'initiators', 'targets', 'nmis', 'walker'] as const;

/** The cells that need one option less of `check` than this one, those left out that prove nothing. */
export function smallerCells(cell: CellDescription): readonly CellDescription[] {
  const usual = cellOf({});
  return OPTIONS.filter((option) => cell[option] !== usual[option])
    .map((option) => ({ ...cell, [option]: usual[option] }))
    .filter((smaller) => vacuity(smaller) === undefined);
}
