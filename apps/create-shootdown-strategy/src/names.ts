import { NAME_PATTERN } from '@shootdown/plugin';

/** Why a package and its strategy cannot have this name, and what would do; undefined when they can. */
export function nameProblem(name: string): string | undefined {
  if (new RegExp(NAME_PATTERN).test(name)) return undefined;
  return `${JSON.stringify(name)} is no name of a strategy: take lower-case letters, digits and hyphens, a letter first, at most 64.`;
}

/** `my-idea` is titled `My idea`. */
export function titleOf(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}
