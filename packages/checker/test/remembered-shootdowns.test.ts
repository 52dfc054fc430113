import { type Machine, ShootdownError } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { CONTRACT_FORMS, drawnShootdown } from './random-shootdowns.js';
import { shootdownOf } from './shootdown-kernel.js';
import { type Exploration, explore, type ExploreOptions, REDUCTIONS } from '../src/index.js';

const MACHINES = 30;
const MOST_STATES = 600;
/** Of programs that no kernel has. */
const REFUSED = ['TRANSLATION_SET_FULL', 'OP_NOT_ALLOWED', 'MONITOR_SLOTS'];
const WAYS: readonly ExploreOptions[] = [
  {},
  { reductions: REDUCTIONS },
  { reductions: REDUCTIONS.filter((each) => each !== 'clean-first'), expandBeyond: CONTRACT_FORMS },
];

const endOf = ({ state, layout }: Machine): string => state.subarray(0, layout.cpuBlock).join();

function told(found: Exploration): unknown {
  const { states, transitions, depth, terminalStates, outcomes, verdict, metFullBuffer } = found;
  const violations = found.violations.map(({ contract, form, text, count }) => ({ contract, form, text, count }));
  return { states, transitions, depth, terminalStates, outcomes, verdict, metFullBuffer, violations };
}

/** With every move made anew, and with moves remembered: all of them compared, or for a short while. */
function expectSame(seed: number, way: ExploreOptions): boolean {
  const spec = drawnShootdown(seed);
  const run = (options: ExploreOptions): unknown =>
    told(
      explore(shootdownOf(spec), { maxStates: MOST_STATES, ...way, ...options, actions: spec.actions, project: endOf }),
    );
  try {
    const made = run({ rememberMoves: 0 });
    expect([seed, run({ checkRemembered: true })]).toEqual([seed, made]);
    expect([seed, run({ rememberMoves: 60 })]).toEqual([seed, made]);
    return true;
  } catch (error) {
    if (error instanceof ShootdownError && REFUSED.includes(error.code)) return false;
    throw error;
  }
}

describe('remembered moves beside the safety monitor', { timeout: 120_000 }, () => {
  it('lead where the same moves lead that are made, whatever kernels say to it', () => {
    let compared = 0;
    for (let seed = 0; seed < MACHINES; seed++) for (const way of WAYS) if (expectSame(seed, way)) compared++;
    expect(compared).toBeGreaterThan(2 * MACHINES);
  });
});
