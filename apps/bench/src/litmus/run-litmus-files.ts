import { setImmediate } from 'node:timers/promises';
import { builtInLitmus, type LitmusFile, type LitmusResult, runLitmus } from '@shootdown/checker';
import { readJsonFile } from '../arguments/json-file.js';
import { validateLitmus } from './validate-litmus.js';

/** The files of these paths, or those that come with the laboratory. */
export function litmusFiles(paths: readonly string[]): readonly LitmusFile[] {
  if (paths.length > 0) return paths.map((path) => validateLitmus(readJsonFile(path), path));
  return builtInLitmus.map((content, index) => validateLitmus(content, `Built-in file ${index + 1}`));
}

/** Explores every test. It returns to the event loop after each, so that an interrupt is seen. */
export async function runLitmusFiles(files: readonly LitmusFile[]): Promise<readonly LitmusResult[]> {
  const results: LitmusResult[] = [];
  for (const test of files.flatMap(({ tests }) => tests)) {
    results.push(...runLitmus(test));
    await setImmediate();
  }
  return results;
}
