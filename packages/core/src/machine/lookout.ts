import type { Machine } from './machine.js';

/**
 * Is told what a monitor is about to look at, or to change, outside the part of the state that belongs to the CPU that moves: that CPU's registers,
 * translations, store buffer and threads, and the monitor's words that are at home on it.
 */
export interface Onlooker {
  /** A word of memory, or one that belongs to no CPU (`Monitor.home` is -1, owners of frames, freed tables). */
  word(index: number): void;
  /** All words of the monitor that are at home on no CPU. */
  common(): void;
  /** Every entry of the page tables. */
  tables(): void;
  /** The stores to page tables in the buffers of the CPUs that `Monitor.readsBuffersOf` names. */
  hidden(): void;
  /** What this CPU translates by. Here and below, nothing is added by naming what belongs to the CPU that moves. */
  translations(cpu: number): void;
  /** Whether this CPU is in user mode. */
  mode(cpu: number): void;
  /** The store buffer of this CPU. */
  stores(cpu: number): void;
  /** The words of the monitor that are at home on this CPU. */
  judged(cpu: number): void;
}

/**
 * Says what the hooks of a monitor are about to look at, so that the checker makes a move only once that finds all of it the same. It is asked
 * just before the hook's move, in the state then, and may go by whatever it has named before or belongs to the CPU that moves. All that a hook
 * may write there has to be named, too. Hooks that are not told of here look at nothing besides what belongs to the CPU that moves.
 */
export interface Lookout {
  /** For `exposed`. */
  exposed(machine: Machine, cpu: number, onlooker: Onlooker): void;
  /** For `access`. */
  access(machine: Machine, cpu: number, onlooker: Onlooker): void;
  /** For `invalidated`, `provenance`, `filled` of this CPU, which need not be the one that moves: its walks come to find something else. Page tables and freed tables are named. */
  walks(machine: Machine, cpu: number, onlooker: Onlooker): void;
  /** For `watched`: a store of the CPU to the word becomes visible. */
  watched(machine: Machine, cpu: number, word: number, onlooker: Onlooker): void;
  /** For `mark`. */
  mark(machine: Machine, cpu: number, mark: number, a: number, b: number, onlooker: Onlooker): void;
  /** For `frameGiven`. */
  frameGiven(machine: Machine, cpu: number, frame: number, owner: number, onlooker: Onlooker): void;
}

const nothing = (): void => undefined;

/** Looks at nothing. */
export const noLookout: Lookout = {
  exposed: nothing,
  access: nothing,
  walks: nothing,
  watched: nothing,
  mark: nothing,
  frameGiven: nothing,
};

const common = (_machine: Machine, _cpu: number, onlooker: Onlooker): void => onlooker.common();

/** Of a monitor whose hooks look at its own words, all of which are at home on no CPU, and at the CPU that moves. */
export const commonLookout: Lookout = {
  exposed: common,
  access: common,
  walks: common,
  watched: (machine, cpu, _word, onlooker) => common(machine, cpu, onlooker),
  mark: (machine, cpu, _mark, _a, _b, onlooker) => common(machine, cpu, onlooker),
  frameGiven: (machine, cpu, _frame, _owner, onlooker) => common(machine, cpu, onlooker),
};
