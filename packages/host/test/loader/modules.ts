import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ShootdownError } from '@shootdown/core';

/** The source of a strategy as a stranger's plain JavaScript without dependencies: branded by hand. */
export function strategySource(name: string, changes = ''): string {
  return `{
    [Symbol.for('@shootdown/plugin/strategy')]: 1, apiVersion: 1, name: '${name}', title: 'T', summary: 'S.', references: [],
    optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
    create: () => ({ *flush() {} }), ${changes} }`;
}

/** A new folder with these files, by their path in it. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shootdown loader ')));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The coded error that a promise ends with. */
export async function rejection(promise: Promise<unknown>): Promise<ShootdownError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ShootdownError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
