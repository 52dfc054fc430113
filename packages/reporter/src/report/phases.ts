import type { OkRow, ResultDocument } from '../result.js';
import { formatNs, formatNsChange } from '../text/numbers.js';
import { cell, type Grid, type GridCell, numericColumn } from './grid.js';
import { counted, distinct, rowAt, type Variant } from './variants.js';

/** One line of a phase table: a phase at a number of threads, or all phases together. */
interface PhaseLine {
  readonly threads: number;
  readonly name: string;
  readonly isFirst: boolean;
  /** Nanoseconds per operation, or undefined where the cell was not measured. */
  readonly ns: readonly (number | undefined)[];
}

const TOTAL = 'total';

/** Where the time goes and where the gain comes from: nanoseconds by phase, with the difference from the reference. */
export function phaseGrids(
  document: ResultDocument,
  ranked: readonly Variant[],
  reference: Variant | undefined,
): Grid[] {
  if (ranked.length === 0) return [];
  return distinct(document.rows.map((row) => row.pages)).map((pages) => {
    const threads = distinct(document.rows.map((row) => row.threads));
    const lines = threads.flatMap((count) => linesAt(ranked, count, pages));
    return phaseGrid(
      `Phases, ${counted(pages, 'page')}: ns per operation, and the difference from the first column`,
      ranked,
      reference,
      lines,
    );
  });
}

function linesAt(ranked: readonly Variant[], threads: number, pages: number): PhaseLine[] {
  const rows = ranked.map((variant) => measured(variant, threads, pages));
  const names = distinct(rows.flatMap((row) => Object.keys(row?.phases ?? {})));
  const used = names.filter((name) => rows.some((row) => (row?.phases[name] ?? 0) !== 0));
  const phaseLines = used.map((name, i) => ({
    threads,
    name,
    isFirst: i === 0,
    ns: rows.map((row) => (row === undefined ? undefined : (row.phases[name] ?? 0))),
  }));
  return [...phaseLines, { threads, name: TOTAL, isFirst: used.length === 0, ns: rows.map((row) => row?.ns.mean) }];
}

function measured(variant: Variant, threads: number, pages: number): OkRow | undefined {
  const row = rowAt(variant, threads, pages);
  return row?.status === 'ok' ? row : undefined;
}

function phaseGrid(
  title: string,
  ranked: readonly Variant[],
  reference: Variant | undefined,
  lines: readonly PhaseLine[],
): Grid {
  const referenceIndex = reference === undefined ? -1 : ranked.indexOf(reference);
  return {
    title,
    keyColumns: referenceIndex === 0 ? 3 : 2,
    columns: [
      numericColumn(
        ['n_threads'],
        lines.map(({ threads, isFirst }) => cell([isFirst ? String(threads) : ''])),
      ),
      { head: ['phase'], align: 'left', cells: lines.map(({ name }) => cell([name])) },
      ...ranked.map(({ label }, i) =>
        numericColumn(
          [label],
          lines.map(({ ns }) => phaseCell(ns, i, referenceIndex)),
        ),
      ),
    ],
  };
}

function phaseCell(ns: readonly (number | undefined)[], index: number, referenceIndex: number): GridCell {
  const value = ns[index];
  const base = index === referenceIndex ? undefined : ns[referenceIndex];
  if (value === undefined) return cell(['']);
  if (base === undefined) return cell([formatNs(value)]);
  const difference = value - base;
  const tone = Math.abs(difference) < 0.5 ? 'plain' : difference < 0 ? 'faster' : 'slower';
  return cell([`${formatNs(value)} (${formatNsChange(difference)})`], tone);
}
