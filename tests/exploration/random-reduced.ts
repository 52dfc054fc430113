import { explore, type ExploreOptions, type MachineFactory, REDUCTIONS, type Reduction } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { factoryOf, type RandomMachine } from '../kit/random-machine.js';
import { endOf, type Said } from './terminal-states.js';

const SUBSETS: readonly (readonly Reduction[])[] = [...REDUCTIONS.map((each) => [each]), REDUCTIONS];
/** Whatever the hardware may do with the page, told move by move, with room for several translations of it as in the saturated TLB. */
const HARDWARE = { speculativePages: [0], evictablePages: [0], evictPagingStructures: true } as const;

/** What an exploration says, and how large it is; undefined when it does not end within bounds. */
function saidOf(make: MachineFactory, options: ExploreOptions): (Said & { readonly states: number }) | undefined {
  const found = explore(make, { maxStates: 3000, ...options, project: endOf });
  if (!found.isComplete) return undefined;
  const contracts = [...new Set(found.violations.map(({ contract }) => contract))].sort();
  return { verdict: found.verdict, contracts, ends: [...found.outcomes.keys()], states: found.states };
}

/** Explores machines with every reduction, alone and together, with either store, with moves remembered and made. Returns how many were compared. */
export function compareReductions(machines: fc.Arbitrary<RandomMachine>, runs: fc.Parameters<[RandomMachine]>): number {
  let compared = 0;
  const property = fc.property(machines, (spec) => {
    const make = factoryOf(spec);
    const plain = saidOf(make, { store: 'plain' });
    if (plain === undefined) return;
    compared++;
    expect(saidOf(make, {})).toEqual(plain);
    for (const reductions of SUBSETS)
      expect({ reductions, ...saidOf(make, { reductions }), states: 0 }).toEqual({ reductions, ...plain, states: 0 });
    for (const reductions of [[], REDUCTIONS])
      expect(saidOf(make, { reductions, rememberMoves: 0 })).toEqual(
        saidOf(make, { reductions, checkRemembered: true }),
      );
  });
  fc.assert(property, runs);
  return compared;
}

/** Explores machines with the saturated walker, reduced and not, and with the explicit one. Returns how many were compared. */
export function compareWalkers(machines: fc.Arbitrary<RandomMachine>, runs: fc.Parameters<[RandomMachine]>): number {
  let compared = 0;
  const property = fc.property(machines, (spec) => {
    const ways = { translationWays: 3 };
    const explicit = saidOf(factoryOf(spec, ways), { actions: HARDWARE, maxStates: 6000 });
    if (explicit === undefined) return;
    const saturated = unlessFull(() => saidOf(factoryOf(spec, { walker: 'saturated', ...ways }), {}));
    if (saturated === undefined) return;
    compared++;
    expect({ ...saturated, states: 0 }).toEqual({ ...explicit, states: 0 });
    const make = factoryOf(spec, { walker: 'saturated', ...ways });
    const reduced = saidOf(make, { reductions: REDUCTIONS });
    expect({ ...reduced, states: 0 }).toEqual({ ...explicit, states: 0 });
    expect(saidOf(make, { reductions: REDUCTIONS, checkRemembered: true })).toEqual(reduced);
    expect(saidOf(make, { rememberMoves: 0 })).toEqual(saturated);
  });
  fc.assert(property, runs);
  return compared;
}

function unlessFull<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ShootdownError && error.code === 'TRANSLATION_SET_FULL') return undefined;
    throw error;
  }
}
