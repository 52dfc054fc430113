import { type ExploreOptions, explore, type Verdict } from '@shootdown/checker';
import { type Machine, ThreadField } from '@shootdown/core';
import { type ExploredCell, machineOf } from '../kit/explored.js';

/** What an exploration says: its verdict, the contracts it found violated, and every way in which the cell can end. */
export interface Said {
  readonly verdict: Verdict;
  readonly contracts: readonly string[];
  readonly ends: readonly string[];
}

export function said(cell: ExploredCell, options: ExploreOptions): Said {
  const { verdict, violations, outcomes } = explore(machineOf(cell), { ...options, project: endOf });
  const contracts = [...new Set(violations.map(({ contract }) => contract))].sort();
  return { verdict, contracts, ends: [...outcomes.keys()] };
}

/** Memory, threads, owners of frames and freed tables: all of an end that programs could ever see. Caches are the walker's business. */
export function endOf({ state, layout }: Machine): string {
  const memory = state.subarray(0, layout.cpuBlock).join();
  const threads = Array.from(
    { length: layout.threadCount },
    (_, thread) => state[layout.thread(thread) + ThreadField.user],
  );
  return `${memory} ${threads.join()} ${state.subarray(layout.frameOwner, layout.groupOwner).join()}`;
}
