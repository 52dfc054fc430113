import type { Strategy } from '@shootdown/plugin';
import { latr } from '@shootdown/strategy-latr';
import { describe, expect, it } from 'vitest';
import { exploreLatr, type LatrCell } from './latr-cells.js';

const MINUTES = 60_000;

describe('latr on two CPUs, with ticks in step', () => {
  it.each<[string, string, string]>([
    ['unmap', 'user', 'complete, clean: 179433 states, 464952 transitions'],
    ['protect', 'user', 'complete, clean: 34042 states, 98463 transitions'],
    ['remap', 'user', 'complete, clean: 221746 states, 574013 transitions'],
    ['clean-dirty', 'user', 'complete, clean: 34042 states, 98463 transitions'],
    ['free-table', 'user', 'complete, clean: 53013 states, 153012 transitions'],
    ['unmap', 'lazy', 'complete, clean: 666874 states, 1726673 transitions'],
    ['protect', 'lazy', 'complete, clean: 109990 states, 313154 transitions'],
    ['free-table', 'lazy', 'complete, clean: 161975 states, 463448 transitions'],
    ['reclaim', 'lazy', 'complete, clean: 112383 states, 318266 transitions'],
    ['unmap', 'idle', 'complete, clean: 891832 states, 2337754 transitions'],
    ['protect', 'idle', 'complete, clean: 128358 states, 366581 transitions'],
    ['free-table', 'idle', 'complete, clean: 241775 states, 692294 transitions'],
    ['reclaim', 'idle', 'complete, clean: 135534 states, 384663 transitions'],
    ['unmap', 'switching', 'complete, clean: 898782 states, 2326180 transitions'],
    ['protect', 'switching', 'complete, clean: 150717 states, 429746 transitions'],
    ['free-table', 'switching', 'complete, clean: 277748 states, 798180 transitions'],
    ['reclaim', 'switching', 'complete, clean: 144732 states, 408800 transitions'],
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
      expect(exploreLatr({ memory: 'tso' })).toBe('complete, clean: 374188 states, 1119950 transitions');
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
        'complete, clean: 660824 states, 2295226 transitions',
      );
    },
    10 * MINUTES,
  );
});
