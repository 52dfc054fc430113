import { type Stats, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ShootdownError } from '@shootdown/core';

/**
 * Refuses an output path that cannot work before any work is done for it.
 * @throws ShootdownError INVALID_OUTPUT
 */
export function checkOutput(path: string): void {
  if (statOf(path)?.isDirectory() === true)
    throw new ShootdownError('INVALID_OUTPUT', `${path} is a directory; name a file in it.`);
  if (statOf(dirname(path))?.isDirectory() !== true) {
    throw new ShootdownError(
      'INVALID_OUTPUT',
      `${path} cannot be written: ${dirname(path)} is not a directory; create it first.`,
    );
  }
}

/**
 * Writes a whole file or nothing: the text goes to a file beside it, which then takes its name. A link is followed; what is no
 * regular file, such as a pipe, is written directly because it cannot be replaced.
 * @throws ShootdownError INVALID_OUTPUT
 */
export function writeOutput(path: string, text: string): void {
  checkOutput(path);
  const present = statOf(path);
  try {
    if (present !== undefined && !present.isFile()) writeFileSync(path, text);
    else replaceFile(present === undefined ? path : realpathSync(path), text);
  } catch (error) {
    throw new ShootdownError('INVALID_OUTPUT', `${path} cannot be written.`, { cause: error });
  }
}

function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** What lies at a path, or undefined for nothing. A path that cannot even be looked at cannot be written. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new ShootdownError('INVALID_OUTPUT', `${path} cannot be written.`, { cause: error });
  }
}
