import { explore } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { type ExploredCell, machineOf } from '../kit/explored.js';
import { VARIANTS } from '../kit/variants.js';
import { counterexamplesReplay } from './replays.js';
import { violations, WORK } from './rows.js';

/** Reclaim beside a reader, with one NMI in the machine, at any point of either CPU. */
const UNGUARDED: ExploredCell = {
  variant: VARIANTS.unguarded,
  ...WORK.reclaim,
  access: 'read',
  nmi: 'asks',
  nmiBudget: 1,
};

describe('an NMI that asks nmi_uaccess_okay() before it reads the page', { timeout: 120_000 }, () => {
  it('uses the stale entry of a CPU that has acknowledged early, when the strategy does not refuse', () => {
    const found = explore(machineOf(UNGUARDED), { stopAtFirst: true });
    expect(violations(found)).toEqual(['C1 exposed after 107 moves', 'C1 used after 107 moves']);
    counterexamplesReplay(UNGUARDED, found);
  });
});
