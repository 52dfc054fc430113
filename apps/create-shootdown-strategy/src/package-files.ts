import { ShootdownError } from '@shootdown/core';
import type { NewPackage } from './create-package.js';
import { nameProblem, titleOf } from './names.js';
import { completePackageJson } from './package-json.js';
import { packedRanges, releasedRanges } from './ranges.js';
import { templateFiles } from './template-files.js';

/**
 * The files of a new package, by their path in it. Looks at its folder only to tell where the packed packages are from there.
 *
 * @throws ShootdownError INVALID_ARGUMENT or INVALID_FILE
 */
export function packageFiles({ folder, name, template, packages }: NewPackage): ReadonlyMap<string, string> {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new ShootdownError('INVALID_ARGUMENT', problem);
  const packed = packages === undefined ? {} : packedRanges(packages, folder);
  const files = new Map(templateFiles({ name, title: titleOf(name), template }));
  files.set('package.json', completePackageJson(files.get('package.json') ?? '', packed, releasedRanges()));
  return files;
}
