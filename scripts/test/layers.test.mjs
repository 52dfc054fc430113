import { expect, test } from 'vitest';
import { layerProblems } from '../lib/layer-problems.mjs';
import { objection } from '../lib/layers.mjs';
import { folderWith, manifest } from './fixture.mjs';

const range = 'workspace:^';

test('a package may use a lower layer it declares', () => {
  const base = folderWith({
    'packages/core/package.json': manifest('@shootdown/core'),
    'packages/mm/package.json': manifest('@shootdown/mm', { '@shootdown/core': range }),
    'packages/mm/src/index.ts': `import { word } from '@shootdown/core';\nexport const mine = word;\n`,
  });
  expect(layerProblems(base)).toEqual([]);
});

test('a devDependency on a higher layer is refused', () => {
  const base = folderWith({
    'packages/core/package.json': manifest('@shootdown/core', {}, { '@shootdown/mm': range }),
    'packages/mm/package.json': manifest('@shootdown/mm'),
  });
  expect(layerProblems(base)).toEqual([
    'packages/core/package.json: @shootdown/core (layer 0) uses @shootdown/mm (layer 1): only lower layers may be used',
  ]);
});

test.each([
  ["import type { Mm } from '@shootdown/mm';", 'a type import'],
  ["export * from '@shootdown/mm';", 'an export'],
  ["export const later = import('@shootdown/mm');", 'a dynamic import'],
  ["export type Mm = import('@shootdown/mm').Mm;", 'an import type'],
])('%s from a higher layer is refused', (text) => {
  const base = folderWith({
    'packages/core/package.json': manifest('@shootdown/core'),
    'packages/core/src/a.ts': text,
  });
  expect(layerProblems(base)).toEqual([expect.stringMatching(/^packages\/core\/src\/a\.ts:1: .*only lower layers/)]);
});

test('a source may not import what only devDependencies declare', () => {
  const base = folderWith({
    'packages/core/package.json': manifest('@shootdown/core'),
    'packages/mm/package.json': manifest('@shootdown/mm', {}, { '@shootdown/core': range }),
    'packages/mm/src/index.ts': `export * from '@shootdown/core';\n`,
    'packages/mm/test/a.test.ts': `import '@shootdown/core';\n`,
  });
  expect(layerProblems(base)).toEqual([
    'packages/mm/src/index.ts:1: @shootdown/core is not declared in packages/mm/package.json',
  ]);
});

test('a source may import a private package that devDependencies declare: the bundler puts it in', () => {
  const base = folderWith({
    'packages/core/package.json': JSON.stringify({ ...JSON.parse(manifest('@shootdown/core')), private: true }),
    'packages/mm/package.json': manifest('@shootdown/mm', {}, { '@shootdown/core': range }),
    'packages/mm/src/index.ts': `export * from '@shootdown/core';\n`,
  });
  expect(layerProblems(base)).toEqual([]);
});

test('a relative import that leaves its package is refused', () => {
  const base = folderWith({
    'packages/mm/package.json': manifest('@shootdown/mm'),
    'packages/mm/src/index.ts': `export * from '../../core/src/index.js';\n`,
  });
  expect(layerProblems(base)).toEqual([expect.stringContaining('reaches into packages/core/src/index.js')]);
});

test('a package without a layer is refused', () => {
  const base = folderWith({ 'packages/odd/package.json': manifest('@shootdown/odd') });
  expect(layerProblems(base)).toEqual(['@shootdown/odd has no layer: place it in scripts/layers.json']);
});

test.each([
  '@shootdown/simulator',
  '@shootdown/checker',
  '@shootdown/kernel',
  '@shootdown/strategy-sync',
  '@shootdown/reporter',
])('%s may not name a strategy', (name) => {
  expect(objection(name, '@shootdown/strategy-concurrent')).toMatch(/only lower layers|nothing below the comparer/);
});

test('the comparer may name a strategy', () => {
  expect(objection('shootdown', '@shootdown/strategy-sync')).toBeUndefined();
});

test('a tsconfig.json that leaves out a used package is refused', () => {
  const base = folderWith({
    'packages/core/package.json': manifest('@shootdown/core'),
    'packages/mm/package.json': manifest('@shootdown/mm', { '@shootdown/core': range }),
    'packages/mm/tsconfig.json': '{ "references": [] }',
  });
  expect(layerProblems(base)).toEqual([
    'packages/mm/tsconfig.json: no reference to packages/core, which package.json uses',
  ]);
});
