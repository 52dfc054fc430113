import {
  type Cell,
  cellActions,
  cellMachine,
  type Exploration,
  type Memory,
  REDUCTIONS,
  startExploration,
} from '@shootdown/checker';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { type Timed, timed } from './timed.js';

/** An unmap of one page beside two CPUs that use it for ever, under the reductions that `check` uses. */
const CELL: Cell = {
  scenario: 'unmap',
  targets: 'user',
  initiators: 1,
  cpus: 3,
  nmis: 0,
  walker: 'saturated',
  strategy: asyncInline,
  options: { ack: 'early', freedTables: 'sync', nmiGuard: true },
};
const MAX_STATES = 5_000_000;

/** A cell whose size is pinned: a change of what is explored shows as a changed count, never as a changed rate. */
export interface PinnedCell {
  readonly memory: Memory;
  readonly states: number;
  readonly transitions: number;
}

/** Pinned output of the search, held against its reductions and its plain store by the tests of the checker. */
export const PINNED_CELLS: readonly PinnedCell[] = [
  { memory: 'sc', states: 44_850, transitions: 140_396 },
  { memory: 'tso', states: 148_412, transitions: 604_289 },
];

/** Explores a pinned cell; the check for hidden state at the end is not part of the time. */
export function explorePinned({ memory }: PinnedCell): Timed<Exploration> {
  const running = startExploration(cellMachine(CELL, memory), {
    actions: cellActions(CELL),
    maxStates: MAX_STATES,
    reductions: REDUCTIONS,
  });
  const { seconds, wallSeconds } = timed(() => {
    while (!running.advance(Number.POSITIVE_INFINITY));
  });
  return { result: running.finish(), seconds, wallSeconds };
}
