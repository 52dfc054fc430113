import type { Strategy } from '@shootdown/plugin';
import { latr } from '@shootdown/strategy-latr';
import { describe, expect, it } from 'vitest';
import { exploreLatr, type LatrCell } from './latr-cells.js';

const MINUTES = 60_000;

describe('latr on two CPUs, with ticks in step', () => {
  it.each<[string, string, string]>([
    ['unmap', 'user', 'complete, clean: 41846 states, 105573 transitions'],
    ['protect', 'user', 'complete, clean: 14729 states, 38488 transitions'],
    ['remap', 'user', 'complete, clean: 51550 states, 130763 transitions'],
    ['clean-dirty', 'user', 'complete, clean: 14729 states, 38488 transitions'],
    ['free-table', 'user', 'complete, clean: 24405 states, 63667 transitions'],
    ['unmap', 'lazy', 'complete, clean: 101886 states, 259071 transitions'],
    ['protect', 'lazy', 'complete, clean: 30113 states, 78343 transitions'],
    ['free-table', 'lazy', 'complete, clean: 51329 states, 134028 transitions'],
    ['reclaim', 'lazy', 'complete, clean: 33226 states, 85964 transitions'],
    ['unmap', 'idle', 'complete, clean: 133975 states, 343533 transitions'],
    ['protect', 'idle', 'complete, clean: 35812 states, 93171 transitions'],
    ['free-table', 'idle', 'complete, clean: 78757 states, 204579 transitions'],
    ['reclaim', 'idle', 'complete, clean: 41292 states, 107060 transitions'],
    ['unmap', 'switching', 'complete, clean: 129771 states, 327186 transitions'],
    ['protect', 'switching', 'complete, clean: 36783 states, 95133 transitions'],
    ['free-table', 'switching', 'complete, clean: 80380 states, 209271 transitions'],
    ['reclaim', 'switching', 'complete, clean: 38972 states, 100137 transitions'],
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
      expect(exploreLatr({ memory: 'tso' })).toBe('complete, clean: 71797 states, 196563 transitions');
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
        'complete, clean: 25807 states, 79436 transitions',
      );
    },
    10 * MINUTES,
  );
});
