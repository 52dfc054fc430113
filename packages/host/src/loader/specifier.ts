import { isAbsolute } from 'node:path';

/** Whether a specifier is a path: it starts with a dot or is absolute. Everything else is a name or a package. */
export function isPath(specifier: string): boolean {
  return specifier.startsWith('.') || isAbsolute(specifier);
}

const PART = '[a-z0-9~][a-z0-9._~-]*';
const PACKAGE = new RegExp(`^(@${PART}/)?${PART}(/[\\w.~/-]+)?$`);

/** Whether a specifier has the form of a package's name, with or without the path of an export. */
export function isPackageName(specifier: string): boolean {
  return PACKAGE.test(specifier);
}
