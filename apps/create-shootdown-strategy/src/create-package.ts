import { ShootdownError } from '@shootdown/core';
import { nameProblem, titleOf } from './names.js';
import { completePackageJson } from './package-json.js';
import { packedRanges, releasedRanges } from './ranges.js';
import type { StartingPoint } from './starting-points.js';
import { templateFiles } from './template-files.js';
import { checkEmpty, writeWhole } from './write-whole.js';

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
export function createPackage({ folder, name, template, packages }: NewPackage): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new ShootdownError('INVALID_ARGUMENT', problem);
  checkEmpty(folder);
  const packed = packages === undefined ? {} : packedRanges(packages, folder);
  const files = new Map(templateFiles({ name, title: titleOf(name), template }));
  files.set('package.json', completePackageJson(files.get('package.json') ?? '', packed, releasedRanges()));
  writeWhole(folder, files);
}
