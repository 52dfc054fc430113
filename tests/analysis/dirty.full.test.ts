import { FLUSH_KINDS, Pte } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import type { MmPrograms } from '@shootdown/mm';
import { everything, verdict } from './verdict.js';

const PROTECT = FLUSH_KINDS.indexOf('protect');
/**
 * Page cleaning in the order that A. Lutomirski asked about: write permission goes, the flush returns, and then D is read. Where
 * it reads as clear, no store may have reached the page or reach it before write permission comes back, which the page-table
 * lock keeps away. Users store 1 to a page of zeros. `before`: D is read first, which is wrong with every strategy.
 */
const readsDirty = (when: 'before' | 'after'): Partial<MmPrograms> => ({
  changeProtection: (mm) =>
    function* (cpu, _kind, space, firstPage, pageCount) {
      const pte = mm.tables.pte(space, firstPage);
      const data = mm.frameData(mm.tables.ownFrame(space, firstPage));
      const lock = mm.spaces.pageTableLock(space);
      yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
      const wasDirty = when === 'before' && (yield* cpu.test(pte, 'anyBitSet', Pte.dirty));
      yield* cpu.clearBits(pte, Pte.writable);
      yield* cpu.call(mm.port.flush, PROTECT, space, firstPage, pageCount);
      const isDirty = when === 'after' ? yield* cpu.test(pte, 'anyBitSet', Pte.dirty) : wasDirty;
      if (!isDirty) yield* cpu.work(1);
      if (!isDirty && !(yield* cpu.test(data, 'equal', 0))) throw new Error('a store to a page that is clean');
      yield* cpu.store(lock, 0);
    },
});

describe('the D flag and the early acknowledgement (E34)', { timeout: 300_000 }, () => {
  const cleaning = { scenario: 'clean-dirty' } as const;

  it('W and D cleared together before the flush: no store reaches the page after the acknowledgement', () => {
    expect(verdict('early', cleaning, 'tso')).toBe('clean');
  });

  it.each(['early', 'sync'] as const)(
    '%s: D read right after the flush: where it reads clear, no store comes',
    (variant) => {
      expect(verdict(variant, { ...cleaning, programs: readsDirty('after') }, 'tso')).toBe('clean');
    },
  );

  it('D read before write permission went is another matter', () => {
    expect(() => verdict('sync', { ...cleaning, programs: readsDirty('before') }, 'tso')).toThrow(/page that is clean/);
  });

  it('it is the acknowledgement that makes it so: without one stores come late and unseen', () => {
    expect(everything('none', cleaning)).toEqual(['C1 exposed', 'C7 effects', 'C7 late', 'C7 used']);
  });

  it('and D read after write permission went is right even without one: setting D takes a walk that finds W', () => {
    expect(everything('none', { ...cleaning, programs: readsDirty('after') })).not.toContain('C7 used');
  });
});
