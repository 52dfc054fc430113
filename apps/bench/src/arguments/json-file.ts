import { readFileSync } from 'node:fs';
import { ShootdownError } from '@shootdown/core';
import type { JsonValue } from '@shootdown/reporter';
import { readJsonText } from './json-text.js';

/** @throws ShootdownError INVALID_FILE with the place of the first fault */
export function readJsonFile(path: string): JsonValue {
  const text = readJsonText(readText(path));
  if (!('problem' in text)) return text.value;
  throw new ShootdownError('INVALID_FILE', `${path}:${text.line}:${text.column}: not valid JSON: ${text.problem}.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ShootdownError('INVALID_FILE', `${path} cannot be read; name a readable JSON file.`, { cause: error });
  }
}
