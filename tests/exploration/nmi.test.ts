import { explore } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { type ExploredCell, machineOf } from '../kit/explored.js';
import { VARIANTS } from '../kit/variants.js';
import { counterexamplesReplay } from './replays.js';
import { violations, WORK } from './rows.js';

/** Reclaim beside a reader, with one NMI in the machine, at any point of either CPU. */
const cell = (variant: keyof typeof VARIANTS, nmi: 'asks' | 'touches'): ExploredCell => ({
  variant: VARIANTS[variant],
  ...WORK.reclaim,
  access: 'read',
  nmi,
  nmiBudget: 1,
});

const found = (of: ExploredCell) => explore(machineOf(of), { stopAtFirst: true });

describe('one NMI that may read the page', { timeout: 120_000 }, () => {
  it('uses the stale entry of a CPU that has acknowledged early, when nmi_uaccess_okay() does not know', () => {
    const unguarded = cell('unguarded', 'asks');
    const seen = found(unguarded);
    expect(violations(seen)).toEqual(['C1 exposed after 106 moves', 'C1 used after 106 moves']);
    counterexamplesReplay(unguarded, seen);
  });

  it('uses it sooner when it does not ask', () => {
    const careless = cell('unguarded', 'touches');
    const seen = found(careless);
    expect(violations(seen)).toEqual(['C1 exposed after 104 moves', 'C1 used after 104 moves']);
    counterexamplesReplay(careless, seen);
  });
});
