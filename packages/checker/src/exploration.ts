import { Schedule, type Violation } from '@shootdown/core';

/** `clean`: no violation within the bounds. `inconclusive`: none seen, but a limit cut the search. Never "verified". */
export type Verdict = 'clean' | 'violated' | 'inconclusive';

/** What cut a search: its number of states, the size of its tables, or its caller's clock. */
export type Limit = 'maxStates' | 'maxBytes' | 'expired';

/** One line of a counterexample. */
export interface TraceStep {
  readonly cpu: number;
  /** The opcode, or `FIRST_ACTION` + the machine action: as `Schedule` of core numbers moves. */
  readonly move: number;
  /** Answer of a `choose`, page of a walk, vector of a delivery; 0 otherwise. */
  readonly choice: number;
  /** Programs on the stack of the context that moves, bottom first; empty for an action. */
  readonly programs: readonly string[];
  /** The op or action as it reads: `store csd[1].flags ← 3`. */
  readonly text: string;
  /** What the program received; 0 for nothing. */
  readonly value: number;
}

/** A violation with a shortest way to it. */
export interface FoundViolation extends Violation {
  /** Moves that violate in this way, from all states explored. */
  readonly count: number;
  readonly trace: readonly TraceStep[];
}

/** What an exploration has seen. */
export interface Exploration {
  readonly verdict: Verdict;
  /** The search ended by itself: no limit, no stop at a violation. */
  readonly isComplete: boolean;
  /** The limit that cut it. */
  readonly limit?: Limit;
  readonly states: number;
  readonly transitions: number;
  /** Moves on the longest shortest path. */
  readonly depth: number;
  /** States in which no fair move is enabled. */
  readonly terminalStates: number;
  /** Terminal states by the caller's projection, in the order of their text. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** First of each contract and form, the shortest first. */
  readonly violations: readonly FoundViolation[];
  /** Ops and actions made, those within a transition included; a move whose result is remembered is not made again. */
  readonly elementaryMoves: number;
  /** Nodes of the programs' automaton. */
  readonly automatonNodes: number;
  /** Generators that were run to find them. */
  readonly generatorRuns: number;
  /** Some state had a store buffer without room: a deeper one might show more. */
  readonly metFullBuffer: boolean;
  /** Bytes of all tables, and by what they hold. */
  readonly bytes: number;
  readonly bytesOf: TableBytes;
}

/** What the tables of an exploration take. */
export interface TableBytes {
  /** The states, as numbers of components. */
  readonly keys: number;
  readonly components: number;
  /** From where each state was met, and the fair moves, for contract C6. */
  readonly graph: number;
  /** Moves that need not be made again. */
  readonly moves: number;
}

/** A counterexample as a schedule that core's `replay` executes on a machine with live programs. */
export function scheduleOf(trace: readonly TraceStep[]): Schedule {
  const schedule = new Schedule();
  for (const step of trace) schedule.add(step.cpu, step.move, step.choice, step.value);
  return schedule;
}
