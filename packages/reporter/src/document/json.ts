/** Any value that JSON can state. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object, for example strategy options or the parameters of a scenario. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The same value written the same way whatever order its keys were set in: keys sorted by code unit, no white space. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(sortKeys(value));
}

function sortKeys(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.keys(value).sort(byCodeUnit);
  return Object.fromEntries(entries.map((key) => [key, sortKeys(value[key] ?? null)]));
}

/** `Array.isArray` does not narrow a read-only array. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Order of code units: the same on every host, unlike a locale's order. */
export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
