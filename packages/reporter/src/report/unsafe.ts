import type { OkRow, ResultRow, SafetyRecord, ViolationRecord } from '../result.js';
import { formatNs } from '../text/numbers.js';
import { cell, type Grid, type GridCell, numericColumn } from './grid.js';
import { counted, distinct, type Variant } from './variants.js';

/** One table for each variant that broke the contract. Its times stand alone: they are compared with nothing. */
export function unsafeGrids(variants: readonly Variant[]): Grid[] {
  return variants.filter(({ isUnsafe }) => isUnsafe).map(unsafeGrid);
}

function unsafeGrid({ label, rows }: Variant): Grid {
  const pages = distinct(rows.map((row) => row.pages));
  const keys = [
    numericColumn(
      ['n_threads'],
      rows.map((row) => cell([String(row.threads)])),
    ),
  ];
  if (pages.length > 1)
    keys.push(
      numericColumn(
        ['pages'],
        rows.map((row) => cell([String(row.pages)])),
      ),
    );
  return {
    title: `UNSAFE, not ranked: ${label}${pages.length === 1 ? `, ${counted(pages[0] ?? 0, 'page')}` : ''}`,
    keyColumns: keys.length,
    columns: [
      ...keys,
      numericColumn(
        ['ns'],
        rows.map((row) => cell([row.ns === null ? '' : formatNs(row.ns.mean)])),
      ),
      { head: ['what the monitors saw'], align: 'left', cells: rows.map(sightCell) },
    ],
  };
}

function sightCell(row: ResultRow): GridCell {
  if (row.status === 'failed') return cell([`failed: ${row.error.code}`], 'unsafe');
  return row.safety.verdict === 'clean' ? cell([seenNothing(row.safety)]) : cell(violationLines(row), 'unsafe');
}

function violationLines({ safety }: OkRow): string[] {
  const lines = safety.violations.map(violationText);
  return lines.length === 0 ? ['UNSAFE'] : lines;
}

/** `UNSAFE C1 exposed, cpu 1, after 812 ns`. */
export function violationText({ contract, form, cpu, ns }: ViolationRecord): string {
  return `UNSAFE ${contract} ${form}, cpu ${cpu}, after ${formatNs(ns)} ns`;
}

/** What a run without a violation says: how much was looked at. It is no proof. */
export function seenNothing({ schedules }: SafetyRecord): string {
  return `no violation seen (${counted(schedules ?? 1, 'schedule')})`;
}
