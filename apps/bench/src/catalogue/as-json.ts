import type { JsonValue } from '@shootdown/reporter';

/** A record of plain data as JSON has it: what is undefined is left out. */
export function asJson(record: object): JsonValue {
  return JSON.parse(JSON.stringify(record)) as JsonValue;
}
