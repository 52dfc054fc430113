import { entries, expectations, runVariant, unexpressed, VARIANTS, zooRow } from '@shootdown/zoo';
import { describe, expect, it } from 'vitest';
import { isLong } from './quick.js';

describe.each(VARIANTS)('the %s variant', (variant) => {
  it.each(entries.filter(({ id }) => !isLong(id, variant)))(
    'of $id is found as expected: $title',
    (entry) => {
      const row = zooRow(entry, variant, runVariant(entry, variant, { maxStates: 100_000 }));
      expect(row).toMatchObject({ ok: true, verdict: variant === 'buggy' ? 'violated' : 'clean' });
    },
    20_000,
  );
});

describe('the entries', () => {
  it('are all mutants, and at least 24 bugs of which at least 14 are seams of the shipped program', () => {
    const ids = entries.map(({ id }) => id);
    const mutants = Array.from({ length: 16 }, (_, index) => `M${index + 1}`);
    expect(ids.filter((id) => id.startsWith('M')).sort()).toEqual(mutants.sort());
    const bugs = entries.filter(({ id }) => id.startsWith('Z'));
    expect(bugs.length).toBeGreaterThanOrEqual(24);
    expect(bugs.filter(({ kind }) => kind === 'seam').length).toBeGreaterThanOrEqual(14);
  });

  it('and what is not expressed are the public bugs Z0 to Z37, each once', () => {
    const ids = [...entries, ...unexpressed].map(({ id }) => id).filter((id) => id.startsWith('Z'));
    expect(ids.sort()).toEqual(Array.from({ length: 38 }, (_, index) => `Z${index}`).sort());
  });

  it('have an expectation each, and no other has one', () => {
    expect(Object.keys(expectations).sort()).toEqual(entries.map(({ id }) => id).sort());
  });

  it('are run without a look at what is expected', () => {
    const [entry] = entries;
    if (entry === undefined) throw new Error('The zoo is empty.');
    const { verdict } = runVariant({ ...entry, id: 'Z99' }, 'buggy', { maxStates: 100_000 });
    expect(verdict).toBe('violated');
  });

  it('are inconclusive, and not as expected, when a limit cuts them', () => {
    const entry = entries.find(({ id }) => id === 'M7');
    if (entry === undefined) throw new Error('M7 is missing.');
    const row = zooRow(entry, 'buggy', runVariant(entry, 'buggy', { maxStates: 100 }));
    expect([row.verdict, row.contract, row.ok]).toEqual(['inconclusive', null, false]);
  });
});
