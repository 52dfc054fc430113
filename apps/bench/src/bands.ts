import { readFileSync } from 'node:fs';
import { type BandOf, type RowKey, rowVariant } from '@shootdown/reporter';

/** 5th and 95th percentile of a cell, in nanoseconds, over draws of the priors that the fit admitted. */
export interface BandCell extends RowKey {
  readonly band: readonly [low: number, high: number];
}

/** What `fit` has computed for one machine and scenario. */
interface BandFile {
  readonly machine: string;
  readonly scenario: string;
  readonly cells: readonly BandCell[];
}

const FILES = ['haswell-madvise.json'] as const;

/** Looks up the bands that ship with the comparer; nothing for machines and scenarios without any. */
export function bandOf(machine: string, scenario: string): BandOf {
  const cells = FILES.map(readBands)
    .filter((file) => file.machine === machine && file.scenario === scenario)
    .flatMap((file) => file.cells);
  return (row) => cells.find((cell) => keyOf(cell) === keyOf(row))?.band;
}

function keyOf(row: RowKey): string {
  return `${rowVariant(row)} ${row.threads} ${row.pages}`;
}

/** `data/` lies beside both `src/` and `dist/`, so this module must stay at the top of `src/`. */
function readBands(file: string): BandFile {
  return JSON.parse(readFileSync(new URL(`../data/bands/${file}`, import.meta.url), 'utf8')) as BandFile;
}
