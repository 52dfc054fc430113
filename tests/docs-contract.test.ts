import { expect, it } from 'vitest';
import { assumptionTable, contractTable } from './docs/contract-tables.js';
import { pathOf, withBlocks } from './docs/page.js';

it('docs/contract.md states the contract and the assumptions as they are judged (vitest -u rewrites it)', async () => {
  const blocks = { contract: contractTable(), assumptions: assumptionTable() };
  await expect(withBlocks('docs/contract.md', blocks)).toMatchFileSnapshot(pathOf('docs/contract.md'));
});
