import { type ActionPolicy, explore } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { type ExploredCell, HARDWARE, machineOf } from '../kit/explored.js';
import { VARIANTS } from '../kit/variants.js';
import { counterexamplesReplay } from './replays.js';
import { summary, violations, WORK } from './rows.js';

type Row = readonly [title: string, cell: ExploredCell, actions: ActionPolicy, expected: string];

const { sync, concurrent, early, none, freedEarly } = VARIANTS;
const readBy = { access: 'read' } as const;
const evictions = { evictablePages: [0] };
const speculation = { speculativePages: [0] };

const CLEAN: readonly Row[] = [
  ['early, madvise', { variant: early, ...WORK.madvise }, {}, 'complete, clean: 129143 states, 370481 transitions'],
  ['early, mprotect', { variant: early, ...WORK.mprotect }, {}, 'complete, clean: 125541 states, 359850 transitions'],
  ['early, munmap', { variant: early, ...WORK.munmap }, {}, 'complete, clean: 77561 states, 217056 transitions'],
  ['none, munmap', { variant: none, ...WORK.munmap }, {}, 'complete, clean: 77561 states, 217056 transitions'],
  [
    'sync, madvise, evictions',
    { variant: sync, ...WORK.madvise },
    evictions,
    'complete, clean: 64483 states, 204606 transitions',
  ],
  [
    'early, madvise, evictions',
    { variant: early, ...WORK.madvise },
    evictions,
    'complete, clean: 322313 states, 1011073 transitions',
  ],
  [
    'sync, madvise beside a reader, speculation',
    { variant: sync, ...WORK.madvise, ...readBy },
    speculation,
    'complete, clean: 306300 states, 1331963 transitions',
  ],
  [
    'early, reclaim beside a reader, speculation and evictions',
    { variant: early, ...WORK.reclaim, ...readBy },
    HARDWARE,
    'complete, clean: 357840 states, 1664860 transitions',
  ],
  [
    'early, munmap, speculation and evictions',
    { variant: early, ...WORK.munmap },
    HARDWARE,
    'complete, clean: 1391770 states, 7151911 transitions',
  ],
  [
    'sync, reclaim beside a reader, an NMI that does not ask',
    { variant: sync, ...WORK.reclaim, ...readBy, nmi: 'touches', nmiBudget: 1 },
    {},
    'complete, clean: 72022 states, 200542 transitions',
  ],
  [
    'concurrent, madvise, an NMI that does not ask',
    { variant: concurrent, ...WORK.madvise, nmi: 'touches', nmiBudget: 1 },
    {},
    'complete, clean: 398544 states, 1170469 transitions',
  ],
  [
    'early, reclaim beside a reader, an NMI that asks',
    { variant: early, ...WORK.reclaim, ...readBy, nmi: 'asks', nmiBudget: 1 },
    {},
    'complete, clean: 463838 states, 1342468 transitions',
  ],
];

describe('the larger graphs', { timeout: 600_000 }, () => {
  it.each(CLEAN)('%s: no violation', (_title, cell, actions, expected) => {
    const found = explore(machineOf(cell), { actions });
    expect(summary(found)).toBe(expected);
    expect(found.violations).toEqual([]);
  });

  it('ack none: behind the exposure lie a late store and the use of the old entry', () => {
    const cell = { variant: none, ...WORK.reclaim };
    const found = explore(machineOf(cell), { expandBeyond: ['C1 exposed'] });
    expect(summary(found)).toMatch(/^complete, violated/);
    expect(violations(found)).toEqual([
      'C1 exposed after 67 moves',
      'C2 effects after 72 moves',
      'C1 used after 74 moves',
    ]);
    counterexamplesReplay(cell, found);
  });

  it.each(['early', 'unguarded'] as const)('an NMI that does not ask: %s fails, whatever the guard says', (name) => {
    const cell: ExploredCell = { variant: VARIANTS[name], ...WORK.reclaim, ...readBy, nmi: 'touches', nmiBudget: 1 };
    const found = explore(machineOf(cell), { stopAtFirst: true });
    expect(violations(found)).toEqual(['C1 exposed after 104 moves', 'C1 used after 104 moves']);
    counterexamplesReplay(cell, found);
  });

  it('freedTables early: a speculative walk finds the freed table no sooner than a demanded one', () => {
    const cell = { variant: freedEarly, ...WORK.munmap };
    const found = explore(machineOf(cell), { actions: speculation, stopAtFirst: true });
    expect(violations(found)).toEqual(['C3 walked after 114 moves']);
    counterexamplesReplay(cell, found);
  });
});
