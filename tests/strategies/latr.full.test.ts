import type { Strategy } from '@shootdown/plugin';
import { latr } from '@shootdown/strategy-latr';
import { describe, expect, it } from 'vitest';
import { exploreLatr, type LatrCell } from './latr-cells.js';

const MINUTES = 60_000;

describe('latr on two CPUs, with ticks in step', () => {
  it.each<[string, string, string]>([
    ['unmap', 'user', 'complete, clean: 29845 states, 76279 transitions'],
    ['protect', 'user', 'complete, clean: 11243 states, 29552 transitions'],
    ['remap', 'user', 'complete, clean: 38210 states, 97990 transitions'],
    ['clean-dirty', 'user', 'complete, clean: 11705 states, 30802 transitions'],
    ['free-table', 'user', 'complete, clean: 20638 states, 53749 transitions'],
    ['unmap', 'lazy', 'complete, clean: 68487 states, 177599 transitions'],
    ['protect', 'lazy', 'complete, clean: 21436 states, 56694 transitions'],
    ['free-table', 'lazy', 'complete, clean: 41012 states, 108098 transitions'],
    ['reclaim', 'lazy', 'complete, clean: 24611 states, 64478 transitions'],
    ['unmap', 'idle', 'complete, clean: 94908 states, 247218 transitions'],
    ['protect', 'idle', 'complete, clean: 27064 states, 71159 transitions'],
    ['free-table', 'idle', 'complete, clean: 64536 states, 167834 transitions'],
    ['reclaim', 'idle', 'complete, clean: 32070 states, 83601 transitions'],
    ['unmap', 'switching', 'complete, clean: 85757 states, 220221 transitions'],
    ['protect', 'switching', 'complete, clean: 25055 states, 65782 transitions'],
    ['free-table', 'switching', 'complete, clean: 60820 states, 159267 transitions'],
    ['reclaim', 'switching', 'complete, clean: 27900 states, 72432 transitions'],
  ])(
    '%s, targets %s: %s',
    (scenario, targets, expected) => {
      expect(exploreLatr({ scenario, targets: targets as NonNullable<LatrCell['targets']> })).toBe(expected);
    },
    10 * MINUTES,
  );

  it(
    'unmap is clean with store buffers too',
    () => {
      expect(exploreLatr({ memory: 'tso' })).toBe('complete, clean: 55557 states, 154578 transitions');
    },
    10 * MINUTES,
  );
});

/** The sweep at a context switch comes right before CR3 is loaded. */
const sweepsTooEarly: Strategy = {
  ...latr,
  create(env, options) {
    const { afterLoadCr3, ...hooks } = latr.create(env, options);
    return { ...hooks, ...(afterLoadCr3 === undefined ? {} : { beforeLoadCr3: afterLoadCr3 }) };
  },
};

/** One CPU may take two ticks more than another one. */
const ticksApart: Strategy = {
  ...latr,
  assumes: (latr.assumes ?? []).map((assumption) => ({ ...assumption, maximumTickSkew: 2 })),
};

describe('what latr rests on', () => {
  it(
    'loses invalidations when it sweeps while CR3 is about to change',
    () => {
      expect(exploreLatr({ targets: 'switching', strategy: sweepsTooEarly })).toBe('C1 exposed after 128 moves');
    },
    10 * MINUTES,
  );

  it(
    'frees pages too early after two ticks when ticks may be two apart',
    () => {
      expect(exploreLatr({ strategy: ticksApart })).toMatch(/^C1 exposed/);
    },
    10 * MINUTES,
  );

  it(
    'does not rest on ticks when it looks at the records',
    () => {
      expect(exploreLatr({ unenforced: ['ticks-in-step'], given: { reclaim: 'whenSwept' } })).toBe(
        'complete, clean: 17428 states, 54970 transitions',
      );
    },
    10 * MINUTES,
  );
});
