import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capture, root } from '../lib/run.mjs';
import { folderWith } from './fixture.mjs';

/** @param {Record<string, string>} files */
async function cruise(files) {
  const tsconfig = JSON.stringify({
    compilerOptions: { module: 'NodeNext', paths: { '@shootdown/*': ['./packages/*/src/index.ts'] } },
  });
  const base = folderWith({ 'tsconfig.json': tsconfig, 'package.json': '{"type":"module"}', ...files });
  mkdirSync(join(base, 'scripts'));
  for (const file of ['.dependency-cruiser.cjs', 'scripts/layers.json'])
    copyFileSync(join(root, file), join(base, file));
  return capture('depcruise', ['packages', '--output-type', 'err', '--config', '.dependency-cruiser.cjs'], base);
}

test('a graph that goes down is accepted', async () => {
  const { code, output } = await cruise({
    'packages/core/src/index.ts': 'export const word = 1;\n',
    'packages/mm/src/index.ts': `export { word } from '@shootdown/core';\n`,
  });
  expect(output).toContain('no dependency violations');
  expect(code).toBe(0);
});

test('a cycle of values is refused, a cycle of types is not', async () => {
  const { code, output } = await cruise({
    'packages/core/src/a.ts': `import { b } from './b.js';\nexport const a = (): number => b();\n`,
    'packages/core/src/b.ts': `import { a } from './a.js';\nexport const b = (): number => a();\n`,
    'packages/core/src/c.ts': `import type { D } from './d.js';\nexport type C = D | 1;\n`,
    'packages/core/src/d.ts': `import type { C } from './c.js';\nexport type D = { c: C };\n`,
  });
  expect(code).not.toBe(0);
  expect(output).toMatch(/no-cycle: packages\/core\/src\/a\.ts/);
  expect(output).not.toMatch(/no-cycle: packages\/core\/src\/c\.ts/);
});

test('an import of a higher layer is refused, a type-only one too', async () => {
  const { code, output } = await cruise({
    'packages/core/src/index.ts': `import type { Mm } from '@shootdown/mm';\nexport type Mine = Mm;\n`,
    'packages/mm/src/index.ts': 'export type Mm = 1;\n',
  });
  expect(code).not.toBe(0);
  expect(output).toContain('layer-of-core');
});

test('a driver and a strategy that import a strategy are refused', async () => {
  const { code, output } = await cruise({
    'packages/strategy-sync/src/index.ts': 'export const sync = 1;\n',
    'packages/strategy-other/src/index.ts': `export { sync } from '@shootdown/strategy-sync';\n`,
    'packages/simulator/src/index.ts': `export { sync } from '@shootdown/strategy-sync';\n`,
  });
  expect(code).not.toBe(0);
  expect(output).toMatch(/no-strategy-below-the-comparer: packages\/simulator/);
  expect(output).toMatch(/no-strategy-below-the-comparer: packages\/strategy-other/);
});
