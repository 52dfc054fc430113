import { entries, runVariant, VARIANTS, zooRow } from '@shootdown/zoo';
import { describe, expect, it } from 'vitest';
import { isLong } from './quick.js';

describe.each(VARIANTS)('the %s variant', (variant) => {
  it.each(entries.filter(({ id }) => isLong(id, variant)))(
    'of $id is found as expected: $title',
    (entry) => {
      const row = zooRow(entry, variant, runVariant(entry, variant, { maxStates: 20_000_000 }));
      expect(row).toMatchObject({ ok: true, verdict: variant === 'buggy' ? 'violated' : 'clean' });
    },
    900_000,
  );
});
