import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ShootdownError } from '@shootdown/core';
import { checkFolder } from './check-folder.js';

/**
 * Writes the files into a folder, all of them or none: they are made in a folder beside it and renamed when they are complete. A folder that
 * exists keeps its identity, for somebody may stand in it.
 *
 * @throws ShootdownError of `checkFolder`, and INVALID_OUTPUT
 */
export function writeWhole(folder: string, files: ReadonlyMap<string, string>): void {
  checkFolder(folder);
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
