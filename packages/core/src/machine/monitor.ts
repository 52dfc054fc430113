import { type Lookout, noLookout } from './lookout.js';
import type { Machine } from './machine.js';

/** What a monitor saw: the contract, its form, the CPU on which it happened. */
export interface Violation {
  readonly contract: string;
  readonly form: string;
  readonly cpu: number;
  readonly text: string;
}

/**
 * A safety monitor: an automaton whose memory is a fixed number of integers inside the state vector.
 * The machine propagates provenance marks (walk → entry → buffered store); a monitor sets and judges them.
 */
export interface Monitor {
  /** Integers it needs in the state vector, from `layout.monitor` on. */
  readonly words: number;
  /** A safety mark of the kernel (see `MARKS` in kernel-cpu). */
  mark(machine: Machine, cpu: number, mark: number, a: number, b: number, c: number): void;
  /** An architectural user access is made through the translation that lies here. */
  access(machine: Machine, cpu: number, way: number, page: number, isStore: boolean): void;
  /** A speculative load, whose result nobody sees, reads device memory through the translation that lies here. */
  speculated(machine: Machine, cpu: number, way: number, page: number): void;
  /** The CPU is about to execute user code, or kernel code at a user access. */
  exposed(machine: Machine, cpu: number): void;
  /** The slot's translation has been dropped by an invalidation (not by an eviction). */
  invalidated(machine: Machine, cpu: number, pcid: number, page: number): void;
  /**
   * A walk of this PCID has read a present page-table entry from memory: the marks that its translation gets for that, 0 for
   * none. Memory may still hold what a CPU has already overwritten in its store buffer.
   */
  provenance(machine: Machine, cpu: number, pcid: number, page: number, word: number, level: number): number;
  /** A walk, or the re-walk that sets a D flag, has entered a translation with these marks into this slot. */
  filled(machine: Machine, cpu: number, slot: number, page: number, marks: number): void;
  /** A walk step reads a table page that is back with the allocator. */
  walkedFreed(machine: Machine, cpu: number, table: number): void;
  /** The frame has got a new owner: an mm number, or -1 when it goes back to the allocator. */
  frameGiven(machine: Machine, cpu: number, frame: number, owner: number): void;
  /** A store made through the MMU with these marks has become visible. */
  drained(machine: Machine, cpu: number, word: number, marks: number): void;
  /** A hand-off word was touched by a CPU that does not own it. */
  foreignAccess(machine: Machine, cpu: number, word: number, owner: number, isWrite: boolean): void;
  /** A watched word received a value. Every word that the monitor judges by has to be watched, those of page tables aside. */
  watched(machine: Machine, cpu: number, word: number, value: number): void;
  /** The CPU whose part of the state this word of the monitor, the first being 0, belongs to: it says something of what that CPU translates by, or claims. -1: none. */
  home(word: number): number;
  /** What the hooks are about to look at. */
  readonly lookout: Lookout;
  /** CPUs, a bit each, whose buffered stores to page tables `provenance` may look into. It goes by words of the monitor that are at home nowhere. */
  readsBuffersOf(machine: Machine): number;
  /** This mark would change only what later marks of the same context look at: nobody else can tell when it is made. It goes by words of the monitor that are at home nowhere. */
  isOwnMatter(machine: Machine, cpu: number, mark: number, a: number): boolean;
}

const nothing = (): void => undefined;

/** Watches nothing. */
export const noMonitor: Monitor = {
  words: 0,
  mark: nothing,
  access: nothing,
  speculated: nothing,
  exposed: nothing,
  invalidated: nothing,
  provenance: () => 0,
  filled: nothing,
  walkedFreed: nothing,
  frameGiven: nothing,
  drained: nothing,
  foreignAccess: nothing,
  watched: nothing,
  isOwnMatter: () => false,
  home: () => -1,
  lookout: noLookout,
  readsBuffersOf: () => 0,
};
