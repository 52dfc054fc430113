import type { PublishedRecord, ResultDocument, ResultRow } from '../result.js';
import { formatNs, formatPercent } from '../text/numbers.js';
import { cell, type Grid, type GridCell, type GridColumn, numericColumn, type Tone } from './grid.js';
import { counted, distinct, rowAt, type Variant } from './variants.js';

/** Where the published value stands: in a column of its own, or under the simulated value where width is short. */
export type HeadlineShape = 'beside' | 'stacked';

/**
 * The table of the 2019 thread, one for each number of pages: rows n_threads, one column a variant, the reference first.
 * Only variants without a violation belong here.
 */
export function headlineGrids(document: ResultDocument, ranked: readonly Variant[], shape: HeadlineShape): Grid[] {
  if (ranked.length === 0) return [];
  return distinct(document.rows.map((row) => row.pages)).map((pages) => headlineGrid(document, ranked, pages, shape));
}

function headlineGrid(document: ResultDocument, ranked: readonly Variant[], pages: number, shape: HeadlineShape): Grid {
  const threads = distinct(document.rows.map((row) => row.threads));
  const key = numericColumn(
    ['n_threads'],
    threads.map((count) => cell([String(count)])),
  );
  const columns = ranked.flatMap((variant) => {
    const rows = threads.map((count) => rowAt(variant, count, pages));
    return shape === 'beside' ? besideColumns(variant, rows) : [stackedColumn(variant, rows)];
  });
  const title = `${document.scenario.name}, ${counted(pages, 'page')}: ns per operation on the initiating thread`;
  return { title, keyColumns: Math.min(2, ranked.length), columns: [key, ...columns] };
}

function headOf({ label, series }: Variant): string[] {
  return series === null || series === label ? [label] : [label, series];
}

type MaybeRow = ResultRow | undefined;

function besideColumns(variant: Variant, rows: readonly MaybeRow[]): GridColumn[] {
  const value = numericColumn(
    headOf(variant),
    rows.map((row) => cell([valueText(row)], toneOf(row))),
  );
  if (rows.every((row) => (row?.published ?? null) === null)) return [value];
  const published = rows.map((row) => cell([publishedText(row?.published ?? null)]));
  return [value, { head: ['published'], align: 'left', cells: published }];
}

function stackedColumn(variant: Variant, rows: readonly MaybeRow[]): GridColumn {
  return numericColumn(headOf(variant), rows.map(stackedCell));
}

function stackedCell(row: MaybeRow): GridCell {
  const published = row?.published ?? null;
  return cell(published === null ? [valueText(row)] : [valueText(row), publishedText(published)], toneOf(row));
}

/** `1225 (-15%)` in the form of the thread; the reference has no percentage. */
function valueText(row: MaybeRow): string {
  if (row === undefined) return '';
  if (row.status === 'failed') return 'failed';
  return row.change === null ? formatNs(row.ns.mean) : `${formatNs(row.ns.mean)} (${formatPercent(row.change)})`;
}

/** `1225 +0.3% [1190..1260]`: value, error of the simulation, band. */
function publishedText(published: PublishedRecord | null): string {
  if (published === null) return '';
  const parts = [formatNs(published.ns), formatPercent(published.error, 1)];
  if (published.band !== undefined) parts.push(`[${published.band.map(formatNs).join('..')}]`);
  if (published.role === 'fitted') parts.push('fitted');
  return parts.join(' ');
}

function toneOf(row: MaybeRow): Tone {
  if (row?.status === 'failed') return 'unsafe';
  const change = row?.change ?? 0;
  if (change === 0) return 'plain';
  return change < 0 ? 'faster' : 'slower';
}
