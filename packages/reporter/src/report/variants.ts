import { rowVariant, variantKey, variantLabel } from '../document/variant.js';
import type { ResultDocument, ResultRow } from '../result.js';

/** All rows of one strategy with one set of options: a column of the headline table. */
export interface Variant {
  readonly label: string;
  /** Name of this column in the publication, where it has one. */
  readonly series: string | null;
  readonly rows: readonly ResultRow[];
  /** A variant that broke the contract in any cell is unsafe in all. */
  readonly isUnsafe: boolean;
}

/** The variants of a document in the order of its rows. */
export function variantsOf(document: ResultDocument): readonly Variant[] {
  const groups = new Map<string, ResultRow[]>();
  for (const row of document.rows) {
    const key = rowVariant(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((rows) => variantOf(rows, document));
}

function variantOf(rows: readonly ResultRow[], document: ResultDocument): Variant {
  return {
    label: labelOf(rows, document),
    series: rows.find(({ published }) => published !== null)?.published?.series ?? null,
    rows,
    isUnsafe: rows.some(({ safety }) => safety?.verdict === 'violated'),
  };
}

function labelOf([first]: readonly ResultRow[], { manifest }: ResultDocument): string {
  if (first === undefined) return '';
  const { strategy: name, options } = first;
  const configured = manifest.configuration.strategies.find(
    (variant) => variantKey(variant.name, variant.options) === rowVariant(first),
  );
  return variantLabel(configured ?? { name, given: options, options });
}

/** The row of a variant at one place. */
export function rowAt(variant: Variant, threads: number, pages: number): ResultRow | undefined {
  return variant.rows.find((row) => row.threads === threads && row.pages === pages);
}

/** Distinct values in order of first appearance. */
export function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}

/** A number of things, for example `1 page` and `10 pages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
