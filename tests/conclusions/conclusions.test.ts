import { beforeAll, describe, expect, it } from 'vitest';
import { pathOf, withBlocks } from '../docs/page.js';
import { allSeries, type Series } from './cells.js';
import type { Gain } from './gains.js';
import { phaseTable, table } from './table.js';

const PAGE = 'docs/fidelity.md';

let of: ReturnType<typeof allSeries>;
beforeAll(() => {
  of = allSeries();
}, 120_000);

type Rival = 'concurrent' | 'early' | 'earlyOverConcurrent';
const saved = (series: Series, rival: Rival, unit: keyof Gain[Rival]): number[] =>
  [...series.values()].map((gain) => -gain[rival][unit]);

const rises = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] as number));
const falls = (values: readonly number[]): boolean => rises(values.map((value) => -value));
/** The pages that are flushed one by one: all but the last cell of a series that goes beyond the ceiling. */
const selective = (values: readonly number[]): number[] => values.slice(0, 6);
const RIVALS = ['concurrent', 'early'] as const;

describe('the gain in percent falls with more targets', () => {
  it.each(RIVALS)('of %s on haswell, up to the three there can be', (rival) => {
    expect(falls(saved(of.haswell, rival, 'percent'))).toBe(true);
  });

  it('of concurrent on the server, up to 64', () => {
    expect(falls(saved(of.server, 'concurrent', 'percent'))).toBe(true);
  });

  it('of async-inline on the server up to the 32 of the own socket, and hardly from 4 on', () => {
    const percent = saved(of.server, 'early', 'percent');
    expect(falls(percent.slice(0, 6))).toBe(true);
    for (const value of percent.slice(2)) expect(Math.abs(value - 18.7)).toBeLessThan(0.5);
  });
});

describe('the gain of async-inline with 64 targets', () => {
  it('comes from reading is_lazy on lines of its own rather than from early acknowledgement', () => {
    const [before, , early] = of.server.get(64)?.phasesNs ?? [];
    const less = (phase: string): number => (before?.[phase] ?? 0) - (early?.[phase] ?? 0);
    expect(less('prepare')).toBeGreaterThan(5 * less('wait'));
    expect(less('queue')).toBeLessThan(0);
  });
});

describe('the gain rises with the pages of a flush', () => {
  it.each(['madvise1', 'madvise3', 'mprotect', 'munmap'] as const)('in time, always: %s', (name) => {
    for (const rival of RIVALS) expect(rises(selective(saved(of[name], rival, 'ns')))).toBe(true);
  });

  it('in percent of a system call alone', () => {
    expect(rises(selective(saved(of.mprotect, 'concurrent', 'percent')))).toBe(true);
    for (const rival of RIVALS) expect(rises(selective(saved(of.munmap, rival, 'percent')))).toBe(true);
  });

  it('in percent of mprotect by async-inline up to 8 pages: then its own flush outlasts what it hides', () => {
    const percent = selective(saved(of.mprotect, 'early', 'percent'));
    expect([rises(percent.slice(0, 4)), falls(percent.slice(3))]).toEqual([true, true]);
  });

  it('but not in percent of an iteration that faults every page in again', () => {
    for (const rival of RIVALS) expect(falls(saved(of.madvise1, rival, 'percent'))).toBe(true);
    expect(rises(saved(of.madvise3, 'concurrent', 'percent'))).toBe(true);
    const percent = saved(of.madvise3, 'early', 'percent');
    expect([rises(percent.slice(0, 3)), falls(percent.slice(2))]).toEqual([true, true]);
  });

  it('and is lost beyond the ceiling of 33 pages, where every flush is a full one', () => {
    for (const series of [of.mprotect, of.munmap])
      for (const rival of RIVALS) {
        const [thirtyTwo, beyond] = saved(series, rival, 'percent').slice(-2) as [number, number];
        expect(beyond).toBeLessThan(thirtyTwo * 0.6);
      }
  });
});

describe('early acknowledgement without a local flush', () => {
  it('adds more in kswapd than in madvise in percent, and less in time', () => {
    const added = (series: Series, unit: keyof Gain[Rival]): number[] => saved(series, 'earlyOverConcurrent', unit);
    added(of.kswapd, 'percent').forEach((percent, index) => {
      expect(percent).toBeGreaterThan(added(of.haswell, 'percent')[index] as number);
    });
    added(of.kswapd, 'ns').forEach((ns, index) => {
      expect(ns).toBeLessThan(added(of.haswell, 'ns')[index] as number);
    });
  });

  it('saves the same time whatever the batch of kswapd, because its flush is a full one', () => {
    const ns = saved(of.batches, 'early', 'ns');
    expect(Math.max(...ns) - Math.min(...ns)).toBeLessThan(1);
  });

  it('hides the whole remote flush when pages are flushed one by one, where a local flush would set a limit', () => {
    expect(rises(saved(of.foreign, 'earlyOverConcurrent', 'ns'))).toBe(true);
    const [foreign, own] = [of.foreign, of.madvise1].map((series) => saved(series, 'earlyOverConcurrent', 'ns'));
    expect(foreign?.at(-1)).toBeGreaterThan(4 * (own?.at(-1) ?? Number.NaN));
  });
});

describe(PAGE, () => {
  it('prints these numbers (vitest -u rewrites them)', async () => {
    const page = withBlocks(PAGE, {
      'targets on haswell': table('targets', of.haswell),
      'targets on server': table('targets', of.server),
      'phases with 64 targets': phaseTable(of.server.get(64) as Gain),
      'pages of mprotect': table('pages', of.mprotect),
      'pages of munmap': table('pages', of.munmap),
      'pages of madvise, one target': table('pages', of.madvise1),
      'pages of madvise, three targets': table('pages', of.madvise3),
      'targets of kswapd': table('targets', of.kswapd),
      'pages of kswapd': table('pages', of.batches),
      'pages of a foreign madvise': table('pages', of.foreign),
    });
    await expect(page).toMatchFileSnapshot(pathOf(PAGE));
  });
});
