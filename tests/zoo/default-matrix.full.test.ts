import { cellText, checkCellWhole } from '@shootdown/checker';
import { buggyIn, defaultCells, entries, type SeamEntry, smallerCells } from '@shootdown/zoo';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../docs/page.js';

/** The first default cell of `check` that finds the entry, under the memory model that the entry needs. */
function foundIn(entry: SeamEntry): string | null {
  const found = defaultCells.find(
    (cell) => checkCellWhole(buggyIn(entry, cell), entry.memory, { maxStates: 2_000_000 }).verdict === 'violated',
  );
  return found?.scenario ?? null;
}

it('default-matrix.json is what exploring says (vitest -u rewrites it)', async () => {
  const found = entries.flatMap((entry) => (entry.kind === 'seam' ? [[entry.id, foundIn(entry)]] : []));
  const text = `${JSON.stringify(Object.fromEntries(found), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(pathOf('packages/zoo/src/default-matrix.json'));
}, 3_600_000);

describe('a cell with one option less', () => {
  const seams = entries.filter((entry) => entry.kind === 'seam');
  const smaller = seams.flatMap((entry) =>
    smallerCells(entry.cell).map((cell) => [entry.id, cellText(cell), entry, cell] as const),
  );

  it.each(smaller)(
    'does not find %s: %s',
    (_id, _text, entry, cell) => {
      expect(checkCellWhole(buggyIn(entry, cell), entry.memory, { maxStates: 5_000_000 }).verdict).toBe('clean');
    },
    600_000,
  );
});
