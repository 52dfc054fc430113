import { canonicalJson, type JsonObject } from './document/json.js';
import type { MeasuredRow, PublishedRecord } from './result.js';
import { type PublishedSeries, publishedTables, type PublishedTable } from './published-tables.js';

/** What is needed of a row to find its published value. */
export type PublishedQuery = Pick<MeasuredRow, 'strategy' | 'options' | 'threads' | 'pages'> & {
  readonly ns: { readonly mean: number };
};

/**
 * The published value of a cell and the simulation's error against it, or null where nothing is published.
 * Strategy, all resolved options, threads, pages, scenario and machine must agree: a near match is no match.
 */
export function publishedFor(row: PublishedQuery, scenario: string, machine: string): PublishedRecord | null {
  for (const table of publishedTables()) {
    if (table.scenario !== scenario || table.pages !== row.pages || !table.machines.includes(machine)) continue;
    const found = inTable(row, table);
    if (found !== null) return found;
  }
  return null;
}

function inTable(row: PublishedQuery, table: PublishedTable): PublishedRecord | null {
  for (const series of table.series) {
    if (series.strategy !== row.strategy || !sameOptions(series.options, row.options)) continue;
    const cell = series.cells.find(({ threads }) => threads === row.threads);
    if (cell !== undefined) return record(row.ns.mean, cell.ns, series, table);
  }
  return null;
}

function sameOptions(a: JsonObject, b: JsonObject): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function record(meanNs: number, ns: number, series: PublishedSeries, table: PublishedTable): PublishedRecord {
  const sources = series.sources.map((source) => `${source}: ${table.sources[source] ?? 'unknown'}`);
  return { ns, error: (meanNs - ns) / ns, role: series.role, series: series.name, sources };
}
