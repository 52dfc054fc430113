import { checkFolder } from './check-folder.js';
import { packageFiles } from './package-files.js';
import type { StartingPoint } from './starting-points.js';
import { writeWhole } from './write-whole.js';

/** A package that is to be made. */
export interface NewPackage {
  /** Where it will be: a new folder or an empty one. */
  readonly folder: string;
  /** Of the package and of its strategy. */
  readonly name: string;
  readonly template: StartingPoint;
  /** Folder with packed packages to depend on, instead of released ones. */
  readonly packages?: string | undefined;
}

/**
 * Makes a package with a strategy that conforms. Nothing is written unless everything is.
 *
 * @throws ShootdownError INVALID_ARGUMENT, INVALID_FILE or INVALID_OUTPUT
 */
export function createPackage(wanted: NewPackage): void {
  checkFolder(wanted.folder);
  writeWhole(wanted.folder, packageFiles(wanted));
}
