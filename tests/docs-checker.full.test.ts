import { expect, it } from 'vitest';
import { CHECKER_PAGE, longOutputs } from './docs/checker-page.js';
import { pathOf, withBlocks } from './docs/page.js';

it('docs/what-the-checker-tells-you.md quotes explain and longer checks (vitest -u rewrites it)', {
  timeout: 120_000,
}, async () => {
  await expect(withBlocks(CHECKER_PAGE, await longOutputs())).toMatchFileSnapshot(pathOf(CHECKER_PAGE));
});
