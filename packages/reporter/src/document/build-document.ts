import { ShootdownError } from '@shootdown/core';
import { publishedFor } from '../published.js';
import {
  type FailedCell,
  type FailedRow,
  type MachineRecord,
  type MeasuredRow,
  type OkRow,
  type PublishedRecord,
  RESULT_SCHEMA_VERSION,
  type ResultDocument,
  type ResultRow,
  type RowKey,
  type RunConfiguration,
  type RunManifest,
  type ScenarioRecord,
} from '../result.js';
import { rowVariant, variantKey } from './variant.js';

/** A cell as the runner hands it over: neither ordered nor compared yet. */
export type Cell = MeasuredRow | FailedCell;

/** 5th and 95th percentile in nanoseconds of a cell over draws of the priors, where they are known. */
export type BandOf = (row: RowKey) => readonly [low: number, high: number] | undefined;

/** Parts of a result document before its rows are compared. */
export interface DocumentParts {
  readonly manifest: RunManifest;
  readonly machine: MachineRecord;
  readonly scenario: ScenarioRecord;
  readonly cells: readonly Cell[];
  readonly bandOf?: BandOf;
}

/**
 * Orders the cells as the configuration lists them, and sets each against the reference and against what was published.
 * @throws ShootdownError INTERNAL when a cell is missing, strange or doubled, or when phases do not add up to the mean
 */
export function buildDocument({ manifest, machine, scenario, cells, bandOf }: DocumentParts): ResultDocument {
  const ordered = orderCells(cells, manifest.configuration);
  for (const cell of ordered) checkPhases(cell);
  const context: Context = { references: referencesOf(ordered, manifest.configuration), machine, scenario, bandOf };
  const rows = ordered.map((cell) => compareCell(cell, context));
  return { schemaVersion: RESULT_SCHEMA_VERSION, manifest, machine, scenario, rows };
}

interface Context {
  readonly references: ReadonlyMap<string, Cell>;
  readonly machine: MachineRecord;
  readonly scenario: ScenarioRecord;
  readonly bandOf: BandOf | undefined;
}

function placeOf({ threads, pages }: RowKey): string {
  return `${threads} threads, ${pages} pages`;
}

function orderCells(cells: readonly Cell[], configuration: RunConfiguration): readonly Cell[] {
  const byPlace = new Map(cells.map((cell) => [`${rowVariant(cell)}, ${placeOf(cell)}`, cell]));
  if (byPlace.size !== cells.length) throw new ShootdownError('INTERNAL', 'The runner delivered one cell twice.');
  const ordered = placesOf(configuration).map((place) => {
    const cell = byPlace.get(place);
    if (cell === undefined) throw new ShootdownError('INTERNAL', `The runner delivered no cell for ${place}.`);
    return cell;
  });
  if (ordered.length !== cells.length)
    throw new ShootdownError('INTERNAL', 'The runner delivered a cell nobody asked for.');
  return ordered;
}

function placesOf({ strategies, threads, pages }: RunConfiguration): readonly string[] {
  return strategies.flatMap(({ name, options }) =>
    threads.flatMap((t) =>
      pages.map((p) => `${variantKey(name, options)}, ${placeOf({ strategy: name, options, threads: t, pages: p })}`),
    ),
  );
}

function checkPhases(cell: Cell): void {
  if (cell.status === 'failed') return;
  const sum = Object.values(cell.phases).reduce((a, b) => a + b, 0);
  if (sum === cell.ns.mean) return;
  const message = `Phases of ${rowVariant(cell)}, ${placeOf(cell)} add up to ${sum} ns, but the mean is ${cell.ns.mean} ns.`;
  throw new ShootdownError('INTERNAL', message);
}

function referencesOf(cells: readonly Cell[], { strategies }: RunConfiguration): ReadonlyMap<string, Cell> {
  const [first] = strategies;
  if (first === undefined) return new Map();
  const key = variantKey(first.name, first.options);
  return new Map(cells.filter((cell) => rowVariant(cell) === key).map((cell) => [placeOf(cell), cell]));
}

function compareCell(cell: Cell, context: Context): ResultRow {
  return cell.status === 'failed' ? emptyRow(cell) : okRow(cell, context);
}

function okRow(cell: MeasuredRow, { references, machine, scenario, bandOf }: Context): OkRow {
  const published = publishedFor(cell, scenario.name, machine.name);
  return {
    ...cell,
    change: changeOf(cell, references.get(placeOf(cell))),
    published: withBand(published, bandOf?.(cell)),
  };
}

/** Only a clean reference is a yardstick: nothing earns praise for being slower or faster than a broken protocol. */
function changeOf(cell: MeasuredRow, reference: Cell | undefined): number | null {
  if (reference === undefined || reference === cell || reference.status === 'failed') return null;
  if (reference.safety.verdict === 'violated') return null;
  return (cell.ns.mean - reference.ns.mean) / reference.ns.mean;
}

function withBand(published: PublishedRecord | null, band: ReturnType<BandOf>): PublishedRecord | null {
  return published === null || band === undefined ? published : { ...published, band };
}

function emptyRow(cell: FailedCell): FailedRow {
  return {
    ...cell,
    samples: 0,
    ns: null,
    cycles: null,
    change: null,
    ipisPerOp: null,
    phases: null,
    counters: null,
    safety: null,
    published: null,
  };
}
