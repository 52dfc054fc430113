import { expect, test } from 'vitest';
import { withConstants } from '../lib/constant-bindings.mjs';

test.each([
  ['var table = { a: 0 };', 'const table = { a: 0 };'],
  ['var first = 1, second = 2;', 'const first = 1, second = 2;'],
  ['var Kind = class _Kind {};', 'const Kind = class _Kind {};'],
  ['export var exported = 1;', 'export const exported = 1;'],
  ['var index = 1;\nsteps[index] = step.index = 2;', 'const index = 1;\nsteps[index] = step.index = 2;'],
])('%s is constant', (code, expected) => {
  expect(withConstants(code)).toBe(expected);
});

test.each([
  'var later;',
  'var count = 0;\nfunction add() { count += 1; }',
  'var count = 0;\nfunction add() { return count++; }',
  'var left = 0;\n[left] = [1];',
  'var left = 0;\n({ a: left } = { a: 1 });',
  'var each = 0;\nfor (each of []) each;',
  'var constant = 1, count = 0;\ncount = constant;',
  'var twice = 1;\n{ var twice = 2; }',
  'function inner() { var local = 1; return local; }',
  'let kept = 1;',
])('%s stays as it is', (code) => {
  expect(withConstants(code)).toBe(code);
});
