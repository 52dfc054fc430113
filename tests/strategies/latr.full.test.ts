import type { Strategy } from '@shootdown/plugin';
import { latr } from '@shootdown/strategy-latr';
import { describe, expect, it } from 'vitest';
import { exploreLatr, type LatrCell } from './latr-cells.js';

const MINUTES = 60_000;

describe('latr on two CPUs, with ticks in step', () => {
  it.each<[string, string, string]>([
    ['unmap', 'user', 'complete, clean: 78139 states, 190997 transitions'],
    ['protect', 'user', 'complete, clean: 16323 states, 42020 transitions'],
    ['remap', 'user', 'complete, clean: 96412 states, 236625 transitions'],
    ['clean-dirty', 'user', 'complete, clean: 16323 states, 42020 transitions'],
    ['free-table', 'user', 'complete, clean: 25733 states, 66187 transitions'],
    ['unmap', 'lazy', 'complete, clean: 202638 states, 491289 transitions'],
    ['protect', 'lazy', 'complete, clean: 40253 states, 101555 transitions'],
    ['free-table', 'lazy', 'complete, clean: 61994 states, 157836 transitions'],
    ['reclaim', 'lazy', 'complete, clean: 43038 states, 108169 transitions'],
    ['unmap', 'idle', 'complete, clean: 279934 states, 686563 transitions'],
    ['protect', 'idle', 'complete, clean: 49446 states, 124947 transitions'],
    ['free-table', 'idle', 'complete, clean: 96498 states, 245072 transitions'],
    ['reclaim', 'idle', 'complete, clean: 54422 states, 137021 transitions'],
    ['unmap', 'switching', 'complete, clean: 256582 states, 617256 transitions'],
    ['protect', 'switching', 'complete, clean: 49695 states, 124751 transitions'],
    ['free-table', 'switching', 'complete, clean: 98424 states, 250347 transitions'],
    ['reclaim', 'switching', 'complete, clean: 50828 states, 126833 transitions'],
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
      expect(exploreLatr({ memory: 'tso' })).toBe('complete, clean: 161254 states, 445227 transitions');
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
        'complete, clean: 58610 states, 169836 transitions',
      );
    },
    10 * MINUTES,
  );
});
