import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ShootdownError } from '@shootdown/core';

/** A folder that holds only these counts as empty. */
const HARMLESS: readonly string[] = ['.git'];

/**
 * Refuses a folder that holds something, and a path that is no folder.
 *
 * @throws ShootdownError INVALID_OUTPUT
 */
export function checkEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  const present = entriesOf(folder).find((name) => !HARMLESS.includes(name));
  if (present === undefined) return;
  const text = `${JSON.stringify(folder)} is not empty: it holds ${JSON.stringify(present)}. Name a new folder, or an empty one.`;
  throw new ShootdownError('INVALID_OUTPUT', text);
}

/**
 * Writes the files into a folder, all of them or none: they are made in a folder beside it and renamed when they are complete. A folder that
 * exists keeps its identity, for somebody may stand in it.
 *
 * @throws ShootdownError INVALID_OUTPUT
 */
export function writeWhole(folder: string, files: ReadonlyMap<string, string>): void {
  checkEmpty(folder);
  const target = resolve(folder);
  let made: string | undefined;
  let beside: string | undefined;
  const moved: string[] = [];
  try {
    made = mkdirSync(target, { recursive: true });
    beside = mkdtempSync(`${target}.partial-`);
    for (const [path, text] of files) writeFile(join(beside, path), text);
    for (const name of readdirSync(beside)) {
      renameSync(join(beside, name), join(target, name));
      moved.push(join(target, name));
    }
  } catch (cause) {
    for (const path of made === undefined ? moved : [made]) rmSync(path, { recursive: true, force: true });
    throw new ShootdownError('INVALID_OUTPUT', `${JSON.stringify(folder)} cannot be written.`, { cause });
  } finally {
    if (beside !== undefined) rmSync(beside, { recursive: true, force: true });
  }
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
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
