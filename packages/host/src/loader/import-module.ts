import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ShootdownError, thrownText } from '@shootdown/core';

/** Files that Node 20 does not read by itself. */
const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * Imports a module; TypeScript is stripped of its types first. `place` is how the user named it, `directory` where they stood: paths in messages are
 * told from there, so that they are the same on every host.
 *
 * @throws ShootdownError IMPORT_FAILED when it does not parse, an import of its own is missing, or its top level throws
 */
export async function importModule(url: string, place: string, directory: string): Promise<object> {
  try {
    return (await (TYPESCRIPT.test(url) ? importTypeScript(url) : import(url))) as object;
  } catch (cause) {
    const reason = fromDirectory(`${thrownText(cause)}${lineOf(cause, url)}`, directory);
    const text = `${place} cannot be imported: ${reason}. Correct the module.`;
    throw new ShootdownError('IMPORT_FAILED', text, { details: { place, strategy: place, hook: 'import' } });
  }
}

/** Nothing is cached on disk, and `default` stays what the module exports under this name. Most commands need no jiti, which takes a while to load. */
async function importTypeScript(url: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  return createJiti(url, { fsCache: false, interopDefault: false }).import(url);
}

/** ` (file:line)` of the module itself, where the stack knows it. */
function lineOf(cause: unknown, url: string): string {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  for (const file of [url, fileURLToPath(url)]) {
    const at = stack.indexOf(`${file}:`);
    const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + file.length + 1))?.[0];
    if (line !== undefined) return ` (${fileURLToPath(url)}:${line})`;
  }
  return '';
}

function fromDirectory(text: string, directory: string): string {
  return text.replaceAll(`${pathToFileURL(directory).href}/`, './').replaceAll(`${directory}${sep}`, `.${sep}`);
}
