import { existsSync, readdirSync } from 'node:fs';
import { ShootdownError } from '@shootdown/core';

/** A folder that holds only these counts as empty. */
const HARMLESS: readonly string[] = ['.git'];

/**
 * Refuses what cannot be the folder of a new package: a path without a name or with control characters, a folder that holds something, and a path that
 * is no folder.
 *
 * @throws ShootdownError INVALID_ARGUMENT or INVALID_OUTPUT
 */
export function checkFolder(folder: string): void {
  if (folder.trim() === '') throw unnamed('The folder of the new package has no name; take one such as my-idea.');
  if (/\p{Cc}/u.test(folder)) throw unnamed('The name of the folder has control characters; take one without.');
  if (!existsSync(folder)) return;
  const present = entriesOf(folder).find((name) => !HARMLESS.includes(name));
  if (present === undefined) return;
  const text = `${JSON.stringify(folder)} is not empty: it holds ${JSON.stringify(present)}. Name a new folder, or an empty one.`;
  throw new ShootdownError('INVALID_OUTPUT', text);
}

function unnamed(text: string): ShootdownError {
  return new ShootdownError('INVALID_ARGUMENT', text);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new ShootdownError(
      'INVALID_OUTPUT',
      `${JSON.stringify(folder)} is no folder that can be read; name another one.`,
      { cause },
    );
  }
}
