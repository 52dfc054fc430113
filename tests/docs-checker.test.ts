import { expect, it } from 'vitest';
import { CHECKER_PAGE, quickOutputs } from './docs/checker-page.js';
import { pathOf, withBlocks } from './docs/page.js';

it('docs/what-the-checker-tells-you.md quotes check (vitest -u rewrites it)', { timeout: 60_000 }, async () => {
  await expect(withBlocks(CHECKER_PAGE, await quickOutputs())).toMatchFileSnapshot(pathOf(CHECKER_PAGE));
});
