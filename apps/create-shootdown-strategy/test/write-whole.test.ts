import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWhole } from '../src/write-whole.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'write whole '));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Files of which one runs into something that appears in the folder while they are written. */
class Obstructed extends Map<string, string> {
  override *[Symbol.iterator](): MapIterator<[string, string]> {
    mkdirSync(join(base, 'target/m.txt/x'), { recursive: true });
    yield* [...'azm'].map((name): [string, string] => [`${name}.txt`, name]);
  }
}
const invalidOutput = expect.objectContaining({ code: 'INVALID_OUTPUT' });

test('what was moved before a move failed is taken away again', () => {
  mkdirSync(join(base, 'target'));
  expect(() => writeWhole(join(base, 'target'), new Obstructed())).toThrow(invalidOutput);
  expect([readdirSync(base), readdirSync(join(base, 'target'))]).toEqual([['target'], ['m.txt']]);
});

test('folders that were made for it are taken away again', () => {
  const bad = new Map([['x'.repeat(300), '']]);
  expect(() => writeWhole(join(base, 'a/b'), bad)).toThrow(invalidOutput);
  expect(existsSync(join(base, 'a'))).toBe(false);
});

test('a folder below a file is refused', () => {
  writeWhole(join(base, 'a'), new Map([['file', '']]));
  expect(() => writeWhole(join(base, 'a/file/b'), new Map())).toThrow(invalidOutput);
});
