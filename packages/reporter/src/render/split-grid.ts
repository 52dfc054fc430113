import type { Grid } from '../report/grid.js';

/**
 * Cuts a table that is too wide into tables with the same lines: each repeats the key columns and takes as many of the others
 * as fit, but always one, so that no column is ever lost.
 */
export function splitGrid(grid: Grid, fits: (grid: Grid) => boolean): Grid[] {
  const keys = grid.columns.slice(0, grid.keyColumns);
  const others = grid.columns.slice(grid.keyColumns);
  if (others.length < 2 || fits(grid)) return [grid];
  const parts: Grid[] = [];
  while (others.length > 0) {
    let count = others.length;
    while (count > 1 && !fits({ ...grid, columns: [...keys, ...others.slice(0, count)] })) count -= 1;
    parts.push({ ...grid, columns: [...keys, ...others.splice(0, count)] });
  }
  return parts;
}
