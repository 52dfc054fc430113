import {
  type Cell,
  type Exploration,
  type FoundViolation,
  type Memory,
  startCell,
  startExploration,
  type Verdict,
} from '@shootdown/checker';
import type { Entry, SeamEntry, SeparateEntry, Variant } from './entry.js';

export interface RunOptions {
  /** States of one exploration after which it is given up. */
  readonly maxStates: number;
}

/** What an exploration of a variant has found. */
export interface Observation {
  readonly verdict: Verdict;
  /** The memory model of the exploration that decided. */
  readonly memory: Memory;
  /** Of the move that violates first. */
  readonly violations: readonly FoundViolation[];
  readonly states: number;
}

/** A variant under way. */
export interface RunningVariant {
  /** Expands up to so many more states; true when nothing is left to do. */
  advance(states: number): boolean;
  finish(): Observation;
}

/** Starts to explore a variant of an entry. It knows nothing of what is expected. */
export function startVariant(entry: Entry, variant: Variant, options: RunOptions): RunningVariant {
  return entry.kind === 'seam' ? startSeam(entry, variant, options) : startSeparate(entry, variant, options);
}

/** Explores a variant of an entry to its end, its limit or its first violation. */
export function runVariant(entry: Entry, variant: Variant, options: RunOptions): Observation {
  const running = startVariant(entry, variant, options);
  while (!running.advance(Number.POSITIVE_INFINITY));
  return running.finish();
}

/** The cell of a variant: as shipped, or with its seam replaced. */
export function cellOfVariant({ cell, strategy, options, shipped, replacement }: SeamEntry, variant: Variant): Cell {
  const asShipped = { ...cell, strategy, options };
  return variant === shipped ? asShipped : { ...asShipped, ...replacement };
}

function startSeam(entry: SeamEntry, variant: Variant, options: RunOptions): RunningVariant {
  const running = startCell(cellOfVariant(entry, variant), entry.memory, options);
  return {
    advance: (states) => running.advance(states),
    finish() {
      const { verdict, memory, exploration, violation } = running.finish();
      const [, ...others] = exploration.violations;
      // The first one as it goes on an explicit walker, where it can be followed walk by walk.
      const violations = violation === undefined ? [] : [violation, ...others];
      return { ...observed(exploration, memory), verdict, violations };
    },
  };
}

/** Under sequential consistency first: a bug that needs a store buffer has to be clean there. */
function startSeparate(entry: SeparateEntry, variant: Variant, options: RunOptions): RunningVariant {
  const start = (memory: Memory): ReturnType<typeof startExploration> =>
    startExploration(entry.machine(variant, memory), {
      actions: entry.actions,
      maxStates: options.maxStates,
      stopAtFirst: true,
    });
  let memory: Memory = 'sc';
  let current = start('sc');
  return {
    advance(states) {
      if (!current.advance(states)) return false;
      if (entry.memory === 'sc' || memory === 'tso' || current.finish().verdict === 'violated') return true;
      memory = 'tso';
      current = start('tso');
      return false;
    },
    finish: () => observed(current.finish(), memory),
  };
}

function observed({ verdict, violations, states }: Exploration, memory: Memory): Observation {
  return { verdict, memory, violations, states };
}
