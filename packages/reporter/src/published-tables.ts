import { readFileSync } from 'node:fs';
import type { JsonObject } from './document/json.js';

/** One column of a published table. */
export interface PublishedSeries {
  readonly name: string;
  readonly strategy: string;
  /** The resolved options of the strategy that models what was measured. */
  readonly options: JsonObject;
  /** Whether the fit solves parameters from this column. */
  readonly role: 'fitted' | 'predicted';
  /** Keys of `PublishedTable.sources`. */
  readonly sources: readonly string[];
  readonly cells: readonly { readonly threads: number; readonly ns: number }[];
}

/** A published table: values in nanoseconds per iteration. */
export interface PublishedTable {
  readonly schemaVersion: 1;
  readonly title: string;
  readonly scenario: string;
  readonly pages: number;
  /** Machine profiles that model the machine of the measurement. */
  readonly machines: readonly string[];
  /** Message-ids by the tag used in `series`. */
  readonly sources: Readonly<Record<string, string>>;
  readonly series: readonly PublishedSeries[];
}

const FILES = ['published-2019-05.json'] as const;

let tables: readonly PublishedTable[] | undefined;

/** All published tables. The files ship with this package and are read once, when first asked for. */
export function publishedTables(): readonly PublishedTable[] {
  tables ??= FILES.map(readTable);
  return tables;
}

/** `data/` lies beside both `src/` and `dist/`, so this module must stay at the top of `src/`. */
function readTable(file: string): PublishedTable {
  return JSON.parse(readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8')) as PublishedTable;
}
