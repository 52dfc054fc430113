import { beforeAll, describe, expect, it } from 'vitest';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { concurrent } from '@shootdown/strategy-concurrent';
import { sync } from '@shootdown/strategy-sync';
import { useOfStaleEntry } from './docs/counterexample.js';
import { exploreMadvise } from './docs/explore-cell.js';
import { drawsText, excessTable, fittedTable, stepMeans, stepTable } from './docs/fidelity-tables.js';
import oneByOne from './docs/one-by-one.js';
import { code, pathOf, read, withBlocks } from './docs/page.js';
import { shootdown } from './docs/shootdown.js';

const AS_POSTED = { ack: 'none', freedTables: 'sync', nmiGuard: true };
/** What follows an exposure is explored too, as far as the use of the entry. */
const BEYOND_EXPOSED = { expandBeyond: ['C1 exposed'], maxStates: 100_000 };
const DEFAULTS = { ...AS_POSTED, ack: 'early' };

/** Sections of the output of `compare`; empty lines stand between them. */
let sections: readonly string[] = [];
beforeAll(async () => {
  sections = (await shootdown('compare', '--allow-unsafe')).trimEnd().split('\n\n');
}, 120_000);

const section = (start: string): string => {
  const found = sections.find((text) => text.startsWith(start));
  if (found === undefined) throw new Error(`The output has no section "${start}".`);
  return found;
};

/** States and transitions of a complete exploration, as a row of a table. */
function exploredRow(
  name: string,
  { verdict, states, transitions, isComplete }: ReturnType<typeof exploreMadvise>,
): string {
  const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
  const seen = verdict === 'clean' && isComplete ? 'no violation within bounds' : verdict;
  return `| \`${name}\` | ${seen} | ${grouped(states)} | ${grouped(transitions)} |`;
}

describe('pages that quote the output (vitest -u rewrites them)', () => {
  it('README.md', async () => {
    const explored = [
      exploredRow('sync', exploreMadvise(sync, {})),
      exploredRow('concurrent', exploreMadvise(concurrent, {})),
      exploredRow('async-inline', exploreMadvise(asyncInline, DEFAULTS)),
      exploredRow('one-by-one', exploreMadvise(oneByOne, {})),
    ];
    const page = withBlocks('README.md', {
      table: code('', `${section('madvise')}\n\n${section('UNSAFE')}`),
      counterexample: code('', useOfStaleEntry(exploreMadvise(asyncInline, AS_POSTED, BEYOND_EXPOSED))),
      explored: ['| strategy | verdict | states | transitions |', '|---|---|---|---|', ...explored].join('\n'),
      strategy: code('ts', read('packages/plugin/test/skeletons/one-by-one.ts')),
      'compare it': code('ts', read('tests/docs/compare-it.ts')),
    });
    await expect(page).toMatchFileSnapshot(pathOf('README.md'));
  }, 60_000);

  it('docs/fidelity.md', async () => {
    const means = stepMeans();
    const bands = JSON.parse(read('apps/bench/data/bands/haswell-madvise.json')) as Parameters<typeof drawsText>[0];
    const page = withBlocks('docs/fidelity.md', {
      fitted: fittedTable(),
      table: code('', section('madvise')),
      draws: drawsText(bands),
      phases: code('', section('Phases')),
      steps: stepTable(means),
      excess: excessTable(means),
    });
    await expect(page).toMatchFileSnapshot(pathOf('docs/fidelity.md'));
  }, 60_000);
});
