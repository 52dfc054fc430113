import { describe, expect, it } from 'vitest';
import { FORMS, guardRows } from '../docs/guard-table.js';

/** The forms of the guard in which every cell is clean; what each of the others misses stands in docs/contract.md. */
describe('nmi_uaccess_okay() in all its forms', { timeout: 900_000 }, () => {
  it.each(['sync', 'early'] as const)(
    '%s is clean with one of them only: both tests, and the switch marked first',
    (variant) => {
      const clean = guardRows(variant).filter(({ verdicts }) => verdicts.every((found) => found === 'clean'));
      expect(clean.map(({ form }) => form)).toEqual([FORMS[0]]);
    },
  );
});
