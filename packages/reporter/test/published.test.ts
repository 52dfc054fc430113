import { describe, expect, it } from 'vitest';
import { publishedFor, publishedTables, type StrategyVariant } from '@shootdown/reporter';
import { asyncBroken, asyncInline, concurrent, measured, sync } from './fixtures/documents.js';

const at = (variant: StrategyVariant, threads: number, pages = 1, scenario = 'madvise', machine = 'haswell') =>
  publishedFor(measured(variant, threads, pages, 1500), scenario, machine);

describe('publishedFor', () => {
  it('knows the nine cells of the 2019 table', () => {
    const table = [sync, concurrent, asyncInline].map((variant) =>
      [1, 2, 4].map((threads) => at(variant, threads)?.ns),
    );
    expect(table).toEqual([
      [661, 1436, 1571],
      [663, 1225, 1421],
      [663, 1115, 1289],
    ]);
  });

  it('states the error as a fraction of the published value, the role and the sources', () => {
    expect(at(sync, 2)).toEqual({
      ns: 1436,
      error: (1500 - 1436) / 1436,
      role: 'fitted',
      series: 'before',
      sources: [
        'RFC1-0: 20190525082203.6531-1-namit@vmware.com',
        'RFC2-0: 20190531063645.4697-1-namit@vmware.com',
        'T-NA6: 67BFA611-... (the rest of the message-id is not on record)',
      ],
    });
    expect(at(concurrent, 2)?.role).toBe('predicted');
  });

  it.each([
    ['the protocol as first posted', () => at(asyncBroken, 2)],
    ['other threads', () => at(sync, 3)],
    ['other pages', () => at(sync, 2, 10)],
    ['another scenario', () => at(sync, 2, 1, 'munmap')],
    ['another machine', () => at(sync, 2, 1, 'madvise', 'skylake-2s')],
    ['another strategy', () => at({ ...sync, name: 'latr' }, 2)],
    ['an option the measured code did not have', () => at({ ...sync, options: { x: 1 } }, 2)],
  ])('publishes nothing for %s', (_, lookUp) => {
    expect(lookUp()).toBeNull();
  });

  it('names a source on record for every series', () => {
    for (const table of publishedTables()) {
      for (const { sources } of table.series) expect(sources.filter((tag) => !(tag in table.sources))).toEqual([]);
    }
  });
});
