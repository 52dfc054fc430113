import type { JsonValue } from '@shootdown/reporter';
import { parse } from '@humanwhocodes/momoa';

/** JSON, or where and why it is none. Lines and columns count from one, the offset from zero. */
export type JsonText =
  | { readonly value: JsonValue }
  | { readonly problem: string; readonly offset: number; readonly line: number; readonly column: number };

/** Parses JSON and finds the place of the first fault, which not every message of JSON.parse tells. */
export function readJsonText(text: string): JsonText {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = faultOffset(text, message);
    const before = text.slice(0, offset).split('\n');
    return { problem: reason(message), offset, line: before.length, column: (before.at(-1) ?? '').length + 1 };
  }
}

/** Without the position, which is told apart, and without the quoted text. */
function reason(message: string): string {
  return message.split(/ in JSON at position |, (?="|\.\.\.)/)[0] ?? message;
}

function faultOffset(text: string, message: string): number {
  const stated = /at position (\d+)/.exec(message)?.[1];
  if (stated !== undefined) return Number(stated);
  if (message.includes('end of JSON')) return text.length;
  try {
    parse(text, { mode: 'json' });
    return text.length;
  } catch (error) {
    return error instanceof Error && 'offset' in error && typeof error.offset === 'number' ? error.offset : 0;
  }
}
