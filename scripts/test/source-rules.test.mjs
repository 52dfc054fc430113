import { expect, test } from 'vitest';
import { limits, sourceProblems } from '../lib/source-rules.mjs';

const lines = (/** @type {number} */ count) => '  step();\n'.repeat(count);
const below = { deterministic: true };

test('a function of the permitted length passes, one line more is refused', () => {
  const fits = `function long() {\n${lines(limits.functionLines - 2)}}\n`;
  const tooLong = `function long() {\n${lines(limits.functionLines - 1)}}\n`;
  expect(sourceProblems('a.ts', fits)).toEqual([]);
  expect(sourceProblems('a.ts', tooLong)).toEqual(['a.ts:1: long has 71 own lines, at most 70']);
});

test('lines of an inner function are not lines of the outer one', () => {
  const inner = `const inner = () => {\n${lines(60)}};\n`;
  expect(sourceProblems('a.ts', `function outer() {\n${lines(30)}${inner}}\n`)).toEqual([]);
});

test.each([
  ['a method', `class A {\n  *run() {\n${lines(80)}}\n}\n`],
  ['an arrow function', `const run = () => {\n${lines(80)}};\n`],
  ['a constructor', `class A {\n  constructor() {\n${lines(80)}}\n}\n`],
  ['a getter', `const a = {\n  get run() {\n${lines(80)}return 1; }\n};\n`],
])('%s of 80 lines is refused', (_what, text) => {
  expect(sourceProblems('a.ts', text)).toHaveLength(1);
});

test('a file of more lines than permitted is refused', () => {
  expect(sourceProblems('a.ts', 'step();\n'.repeat(limits.fileLines))).toEqual([]);
  expect(sourceProblems('a.ts', 'step();\n'.repeat(limits.fileLines + 1))).toEqual(['a.ts: 401 lines, at most 400']);
});

test.each([
  ['@ts-', 'ignore'],
  ['@ts-', 'nocheck'],
  ['biome-', 'ignore'],
  ['eslint-', 'disable-next-line'],
  ['v8 ', 'ignore next'],
  ['TO', 'DO later'],
])('the comment "%s%s" is refused', (head, tail) => {
  expect(sourceProblems('a.ts', `// ${head}${tail}\nstep();\n`)).toHaveLength(1);
});

test.each(['let a: any;', 'const a = b as unknown as C;', 'function f(x: any[]): void { g(x); }'])(
  '%s is refused',
  (text) => {
    expect(sourceProblems('a.ts', text)).toHaveLength(1);
  },
);

test.each(['fc.assert(property);', 'fc.assert(property, { numRuns: 9 });'])('%s is refused: it has no seed', (text) => {
  expect(sourceProblems('a.ts', text)).toEqual(['a.ts:1: fc.assert draws from a seed that is written down']);
});

test.each(['fc.assert(property, { seed: 1 });', 'fc.assert(property, { seed });', 'fc.assert(property, runs);'])(
  '%s is accepted',
  (text) => expect(sourceProblems('a.ts', text)).toEqual([]),
);

test.each([
  'const t = Date.now();',
  'const t = new Date();',
  'const r = Math.random();',
  'const e = Math.exp(x);',
  'const l = Math.log2(x);',
  'const s = Math.sin(x);',
  'const p = Math.pow(x, y);',
  'const t = performance.now();',
  'const s = n.toLocaleString();',
  'list.sort((a, b) => a.localeCompare(b));',
  'const clock = Date;',
  'const now = globalThis.Date;',
  'const { random } = Math;',
])('%s is refused below the reporter and nowhere else', (text) => {
  expect(sourceProblems('a.ts', text, below)).toHaveLength(1);
  expect(sourceProblems('a.ts', text)).toEqual([]);
});

test.each([
  'const m = Math.max(1, Math.floor(x));',
  'const d = record.Date;',
  'interface A { Date: string; process: number }',
  'type When = Date;',
  'const o = { process: 1 };',
  'const k = Math.imul(a, b);',
])('%s is accepted below the reporter', (text) => {
  expect(sourceProblems('a.ts', text, below)).toEqual([]);
});
