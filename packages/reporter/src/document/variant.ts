import type { RowKey, StrategyVariant } from '../result.js';
import { canonicalJson, type JsonObject } from './json.js';

/** Identity of a strategy with its resolved options: two rows of one variant have the same key. */
export function variantKey(strategy: string, options: JsonObject): string {
  return `${strategy} ${canonicalJson(options)}`;
}

/** The name a variant is shown under: as it was asked for on the command line, so that defaults do not drown the choice. */
export function variantLabel({ name, given }: StrategyVariant): string {
  return Object.keys(given).length === 0 ? name : `${name}${canonicalJson(given)}`;
}

/** The key of the variant that a row belongs to. */
export function rowVariant(row: RowKey): string {
  return variantKey(row.strategy, row.options);
}
