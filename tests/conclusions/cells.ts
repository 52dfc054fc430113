import { findScenario, type Scenario } from '@shootdown/scenarios';
import { type Gain, gainOf } from './gains.js';

/** Gains by the number that a series varies. */
export type Series = ReadonlyMap<number, Gain>;

const series = (values: readonly number[], gain: (value: number) => Gain): Series =>
  new Map(values.map((value) => [value, gain(value)]));

/** One page, more and more targets. */
const byTargets = (scenario: string, machine: string, targets: readonly number[]): Series =>
  series(targets, (count) => gainOf({ scenario, machine, threads: 1 + count }));

/** On haswell, more and more pages. */
const byPages = (scenario: string | Scenario, targets: number, pages: readonly number[]): Series =>
  series(pages, (count) => gainOf({ scenario, threads: 1 + targets, pages: count }));

/** A kernel thread flushes pages of a process it has not loaded, one by one: what process_madvise would do to another process. */
const foreign = (): Scenario => ({
  ...findScenario('madvise'),
  name: 'foreign-madvise',
  initiatorRunsMm: false,
  touch: 'none',
});

const PAGES = [1, 2, 4, 8, 16, 32];
/** More than `tlb_single_page_flush_ceiling`: every flush is a full one. */
const BEYOND_CEILING = 34;

type SeriesName =
  | 'haswell'
  | 'server'
  | 'madvise1'
  | 'madvise3'
  | 'mprotect'
  | 'munmap'
  | 'kswapd'
  | 'batches'
  | 'foreign';

/** Every series that docs/fidelity.md prints. */
export const allSeries = (): Readonly<Record<SeriesName, Series>> => ({
  haswell: byTargets('madvise', 'haswell', [1, 2, 3]),
  server: byTargets('madvise', 'server', [1, 2, 4, 8, 16, 32, 64]),
  madvise1: byPages('madvise', 1, PAGES),
  madvise3: byPages('madvise', 3, PAGES),
  mprotect: byPages('mprotect', 1, [...PAGES, BEYOND_CEILING]),
  munmap: byPages('munmap', 1, [...PAGES, BEYOND_CEILING]),
  kswapd: byTargets('kswapd', 'haswell', [1, 2, 3]),
  batches: byPages('kswapd', 1, PAGES),
  foreign: byPages(foreign(), 1, PAGES),
});
