import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A folder with the given files, gone when the test ends.
 *
 * @param {Record<string, string>} files
 * @returns {string} its path
 */
export function folderWith(files) {
  const base = mkdtempSync(join(tmpdir(), 'shootdown-gate-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
  return base;
}

/**
 * The text of a package.json.
 *
 * @param {string} name
 * @param {Record<string, string>} [dependencies]
 * @param {Record<string, string>} [devDependencies]
 */
export function manifest(name, dependencies = {}, devDependencies = {}) {
  return JSON.stringify({ name, version: '0.1.0', dependencies, devDependencies });
}
