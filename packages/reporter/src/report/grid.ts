/** Meaning of a cell, from which a renderer chooses its look. */
export type Tone = 'plain' | 'faster' | 'slower' | 'unsafe';

/** One cell, raw: each renderer escapes the text for its own medium. The first line is the value, the others explain it. */
export interface GridCell {
  readonly lines: readonly string[];
  readonly tone: Tone;
}

/** A column of a table. */
export interface GridColumn {
  readonly head: readonly string[];
  /** Numbers stand on the right of their column. */
  readonly align: 'left' | 'right';
  readonly cells: readonly GridCell[];
}

/** A table before it has a medium. All columns have the same number of cells. */
export interface Grid {
  readonly title: string;
  /** How many columns at the left are repeated when the table is too wide and has to be cut in two. */
  readonly keyColumns: number;
  readonly columns: readonly GridColumn[];
}

/** A cell with a meaning, plain unless said otherwise. */
export function cell(lines: readonly string[], tone: Tone = 'plain'): GridCell {
  return { lines, tone };
}

/** A column of numbers. */
export function numericColumn(head: readonly string[], cells: readonly GridCell[]): GridColumn {
  return { head, align: 'right', cells };
}
