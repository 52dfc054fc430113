import { expect, it } from 'vitest';
import { exportedNames } from './docs/reference/declarations.js';
import { declarationsOn, REFERENCE_PAGES, referencePage, undocumentedOn } from './docs/reference/pages.js';
import { pathOf } from './docs/page.js';

it.each(REFERENCE_PAGES)('$path says what the doc comments say (vitest -u rewrites it)', async (page) => {
  await expect(referencePage(page)).toMatchFileSnapshot(pathOf(page.path));
});

it.each(REFERENCE_PAGES)('every declaration and member on $path has a doc comment', (page) => {
  expect(undocumentedOn(page)).toEqual([]);
});

it('the reference has everything that @shootdown/plugin exports', () => {
  const told = REFERENCE_PAGES.flatMap((page) => declarationsOn(page).map(({ name }) => name));
  expect(exportedNames('packages/plugin/src/index.ts').filter((name) => !told.includes(name))).toEqual([]);
});
