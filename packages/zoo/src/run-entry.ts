import {
  type Cell,
  cellMachine,
  type Exploration,
  type FoundViolation,
  type Memory,
  startCell,
  startExploration,
  type Verdict,
} from '@shootdown/checker';
import { LiveRunner, type Machine } from '@shootdown/core';
import { type KernelCosts, NO_COSTS } from '@shootdown/kernel';
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
  /** A machine with live programs on which the way to the first violation can be gone. A separate program's kernel has no costs. */
  readonly makeMachine: (costs?: KernelCosts) => Machine;
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
  const cell = cellOfVariant(entry, variant);
  const running = startCell(cell, entry.memory, options);
  return {
    advance: (states) => running.advance(states),
    finish() {
      const { verdict, memory, exploration, violation, walker } = running.finish();
      const [, ...others] = exploration.violations;
      // The first one as it goes on an explicit walker, where it can be followed walk by walk.
      const violations = violation === undefined ? [] : [violation, ...others];
      const makeMachine = (costs = NO_COSTS): Machine => cellMachine({ ...cell, walker }, memory, costs)();
      return { ...observed(exploration, memory, makeMachine), verdict, violations };
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
    finish: () => observed(current.finish(), memory, () => liveMachine(entry, variant, memory)),
  };
}

function liveMachine(entry: SeparateEntry, variant: Variant, memory: Memory): Machine {
  return entry.machine(
    variant,
    memory,
  )({ runner: (boot, _, contexts, lists) => new LiveRunner(boot, contexts, lists), runnerWordsPerContext: 0 });
}

function observed(
  { verdict, violations, states }: Exploration,
  memory: Memory,
  makeMachine: Observation['makeMachine'],
): Observation {
  return { verdict, memory, violations, states, makeMachine };
}
