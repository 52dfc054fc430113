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
import { sync } from '@shootdown/strategy-sync';
import { type Timed, timed } from './timed.js';

/** An unmap of one page on three CPUs, under the reductions that `check` uses. CPUs that do not initiate use the page for ever. */
const UNMAP = { scenario: 'unmap', targets: 'user', cpus: 3, nmis: 0, walker: 'saturated' } as const;
const ONE: Cell = {
  ...UNMAP,
  initiators: 1,
  strategy: asyncInline,
  options: { ack: 'early', freedTables: 'sync', nmiGuard: true },
};
const TWO: Cell = { ...UNMAP, initiators: 2, strategy: sync, options: {} };
const MAX_STATES = 5_000_000;

/** A cell whose size is pinned: a change of what is explored shows as a changed count, never as a changed rate. */
export interface PinnedCell {
  readonly cell: Cell;
  readonly memory: Memory;
  readonly states: number;
  readonly transitions: number;
}

/** Pinned output of the search; its tests hold smaller cells against its reductions and its plain store. */
export const PINNED_CELLS: readonly PinnedCell[] = [
  { cell: ONE, memory: 'sc', states: 9605, transitions: 29_779 },
  { cell: ONE, memory: 'tso', states: 39_088, transitions: 158_779 },
  { cell: TWO, memory: 'sc', states: 4_213_555, transitions: 11_310_964 },
];

/** Explores a pinned cell; the check for hidden state at the end is not part of the time. */
export function explorePinned({ cell, memory }: PinnedCell): Timed<Exploration> {
  const running = startExploration(cellMachine(cell, memory), {
    actions: cellActions(cell),
    maxStates: MAX_STATES,
    reductions: REDUCTIONS,
  });
  const { seconds, wallSeconds } = timed(() => {
    while (!running.advance(Number.POSITIVE_INFINITY));
  });
  return { result: running.finish(), seconds, wallSeconds };
}
