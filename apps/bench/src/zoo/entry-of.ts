import { ShootdownError } from '@shootdown/core';
import { suggestion } from '@shootdown/host';
import { type Entry, entries, unexpressed } from '@shootdown/zoo';

/** The text could be the id of an entry. */
export function isEntryId(text: string): boolean {
  return /^[zm]\d+$/i.test(text);
}

/** @throws ShootdownError INVALID_ARGUMENT, with the reason when the entry is known and cannot be expressed */
export function entryOf(id: string): Entry {
  const wanted = id.toUpperCase();
  const found = entries.find((entry) => entry.id === wanted);
  if (found !== undefined) return found;
  throw new ShootdownError('INVALID_ARGUMENT', `The zoo has no entry "${id}".${whyNot(wanted)}`, { details: { id } });
}

function whyNot(id: string): string {
  const missing = unexpressed.find((entry) => entry.id === id);
  if (missing !== undefined) return ` ${missing.id} (${missing.title}) is not expressed: ${missing.reason}.`;
  const known = entries.map((entry) => entry.id);
  return suggestion(id, known);
}
