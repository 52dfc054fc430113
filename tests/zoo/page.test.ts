import { expect, it } from 'vitest';
import { pathOf, withBlocks } from '../docs/page.js';
import { learntTable, entryTable, scoreTable, unexpressedTable } from '../docs/zoo-page.js';

it('docs/zoo.md lists the zoo (vitest -u rewrites it)', async () => {
  const page = withBlocks('docs/zoo.md', {
    seams: entryTable('seam'),
    separate: entryTable('separate'),
    score: scoreTable(),
    learnt: learntTable(),
    unexpressed: unexpressedTable(),
  });
  await expect(page).toMatchFileSnapshot(pathOf('docs/zoo.md'));
});
