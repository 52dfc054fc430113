import type { Exploration, FoundViolation, Verdict } from '../exploration.js';
import { onExplicitWalker } from '../counterexample/on-explicit-walker.js';
import { type Reduction, REDUCTIONS, type RunningExploration, startExploration } from '../explore.js';
import type { SearchProgress } from '../search/search-progress.js';
import type { Cell, CellDescription, Memory, Walker } from './cell.js';
import { cellActions, cellMachine } from './cell-machine.js';

export interface CheckOptions {
  /** Reductions of the search. Default: all. */
  readonly reductions?: readonly Reduction[];
  /** States of one exploration after which it is given up. */
  readonly maxStates: number;
  /** Bytes of the state tables of one exploration after which it is given up. */
  readonly maxBytes?: number;
  /** Nodes one program may unfold into. Default: that of `explore`. */
  readonly maxNodesPerProgram?: number;
  /** Asked every few thousand states: true ends the exploration as inconclusive. */
  readonly expired?: () => boolean;
  /** Runs the end of an exploration, which looks at the whole graph at once and may take long. Default: as it is. */
  readonly conclude?: <Result>(work: () => Result) => Result;
}

/** What is known of a cell. */
export interface CellResult {
  readonly verdict: Verdict;
  /** The memory model of the exploration that decided; its states and transitions are the ones told. */
  readonly memory: Memory;
  /** The same cell has no violation under sequential consistency, which was explored to its end. */
  readonly isOnlyUnderTso: boolean;
  readonly exploration: Exploration;
  /** A shortest way to the first violation. */
  readonly violation?: FoundViolation;
  /** The walker of the machine on which that way can be gone: an explicit one if possible, whatever the cell says. */
  readonly walker: Walker;
}

/** A cell under way. */
export interface RunningCell {
  /** Expands up to so many more states; true when nothing is left to do. */
  advance(states: number): boolean;
  progress(): SearchProgress & { readonly memory: Memory };
  /** What is known so far; inconclusive when it could still advance and nothing was found. */
  finish(): CellResult;
}

/**
 * Starts a cell. A cell that is violated under `tso` is explored under sequential consistency too: a violation that needs no store
 * buffer is told as one that needs none, and one that does as one that does.
 *
 * @throws ShootdownError of `checkCell`, and what booting the strategy throws
 */
export function startCell(cell: Cell, memory: Memory, options: CheckOptions): RunningCell {
  let current = startModel(cell, memory, options);
  let present = memory;
  let underTso: Exploration | undefined;
  let last: Exploration | undefined;
  return {
    advance(states) {
      if (!current.advance(states)) return false;
      last = concluded(options, () => current.finish());
      if (present === 'sc' || last.verdict !== 'violated') return true;
      underTso = last;
      last = undefined;
      current = startModel(cell, 'sc', options);
      present = 'sc';
      return false;
    },
    progress: () => ({ ...current.progress(), memory: present }),
    finish: () =>
      concluded(options, () => onExplicit(cell, cellResult(cell, present, last ?? current.finish(), underTso))),
  };
}

function concluded<Result>({ conclude }: CheckOptions, work: () => Result): Result {
  return conclude === undefined ? work() : conclude(work);
}

/** Explores a cell to its end or to its limits. */
export function checkCellWhole(cell: Cell, memory: Memory, options: CheckOptions): CellResult {
  const running = startCell(cell, memory, options);
  while (!running.advance(Number.POSITIVE_INFINITY));
  return running.finish();
}

function startModel(cell: Cell, memory: Memory, options: CheckOptions): RunningExploration {
  return startExploration(cellMachine(cell, memory), {
    actions: cellActions(cell),
    maxStates: options.maxStates,
    stopAtFirst: true,
    reductions: options.reductions ?? REDUCTIONS,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    ...(options.maxNodesPerProgram === undefined ? {} : { maxNodesPerProgram: options.maxNodesPerProgram }),
    ...(options.expired === undefined ? {} : { expired: options.expired }),
  });
}

/** Of a cell that is violated under TSO the violation under sequential consistency is told, if there is one. */
function cellResult(
  { walker }: CellDescription,
  memory: Memory,
  last: Exploration,
  underTso: Exploration | undefined,
): CellResult {
  const needsBuffers = underTso !== undefined && last.verdict !== 'violated';
  const exploration = needsBuffers ? underTso : last;
  const [violation] = exploration.violations;
  return {
    verdict: exploration.verdict,
    memory: needsBuffers ? 'tso' : memory,
    isOnlyUnderTso: needsBuffers && last.verdict === 'clean',
    exploration,
    walker,
    ...(violation === undefined ? {} : { violation }),
  };
}

/** A counterexample of a saturated walker is made on an explicit one, where it can be followed walk by walk. */
function onExplicit(cell: Cell, result: CellResult): CellResult {
  const { violation, walker, memory } = result;
  if (violation === undefined || walker !== 'saturated') return result;
  const told: Cell = { ...cell, walker: 'speculative' };
  const explicit = onExplicitWalker(violation, cellMachine(told, memory), cellActions(told));
  return explicit === undefined ? result : { ...result, violation: explicit, walker: 'speculative' };
}
