import { unlessFull } from './unless-full.js';
import { type Machine, ThreadField } from '@shootdown/core';
import { explore, type ExploreOptions, type MachineFactory, REDUCTIONS } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { randomFlush } from './random-flushes.js';

const MACHINES = 150;
const MOST_STATES = 3000;

/** Memory, the modes of threads and the owners of frames. */
function endOf({ state, layout }: Machine): string {
  const modes = Array.from({ length: layout.threadCount }, (_, each) => state[layout.thread(each) + ThreadField.user]);
  return `${state.subarray(0, layout.cpuBlock).join()} ${modes.join()} ${state.subarray(layout.frameOwner, layout.groupOwner).join()}`;
}

/** What an exploration says; undefined when it does not end within bounds, or a program is one that no kernel has. */
function said(make: MachineFactory, options: ExploreOptions): unknown {
  const found = unlessFull(() => explore(make, { maxStates: MOST_STATES, ...options, project: endOf }));
  if (found?.isComplete !== true) return undefined;
  const contracts = [...new Set(found.violations.map(({ contract }) => contract))].sort();
  return { verdict: found.verdict, contracts, ends: [...found.outcomes.keys()] };
}

describe('flushes beside NMIs and CPUs that go to user mode', { timeout: 120_000 }, () => {
  it('are told the same with all reductions', () => {
    let compared = 0;
    for (let seed = 0; seed < MACHINES; seed++) {
      const plain = said(randomFlush(seed), {});
      if (plain === undefined) continue;
      compared++;
      expect([seed, said(randomFlush(seed), { reductions: REDUCTIONS })]).toEqual([seed, plain]);
    }
    expect(compared).toBeGreaterThan(75);
  });
});
