import type { Memory } from '../cells/cell.js';

/** What a test must show under one memory model. */
export interface LitmusExpectation {
  /** The exact set of outcomes of terminal states, in any order. */
  readonly outcomes?: readonly string[];
  /** Outcomes that must be seen: a machine that forbids them is too strict. */
  readonly permitted?: readonly string[];
  /** Outcomes that must not be seen. */
  readonly forbidden?: readonly string[];
  /** The exact set of violations, as `C1 exposed`. Default none. */
  readonly violations?: readonly string[];
  /** The exact size of the state space. */
  readonly states?: number;
  readonly transitions?: number;
}

/** One CPU and what it executes. Instructions are described in docs/litmus.md. */
export interface LitmusThread {
  readonly program: readonly string[];
  /** Default true: what it executes is user code as far as the contract and faults are concerned. */
  readonly user?: boolean;
  /** It begins anew after its last instruction, and the test may end without it. Default false. */
  readonly forever?: boolean;
}

/** A small program for a few CPUs, and what may come of it. */
export interface LitmusTest {
  /** `E5`; several tests of one file may be variants of one shape: `E5 flushed`. */
  readonly id: string;
  readonly title: string;
  /** Where the shape comes from. */
  readonly source?: string;
  /** Features of the machine that differ from the default. */
  readonly machine?: {
    readonly pcid?: boolean;
    readonly asids?: number;
    readonly icrWriteDrainsStores?: boolean;
    readonly storeBufferDepth?: number;
    /** INVLPGB and TLBSYNC; two of one CPU may be under way. */
    readonly invlpgb?: boolean;
  };
  /** Names of further words, 0 at the start. */
  readonly words?: readonly string[];
  /** Values before the first step, by location. */
  readonly init?: Readonly<Record<string, string | number>>;
  /** What the hardware may do by itself. Default: nothing but walks that an access waits for. */
  readonly hardware?: {
    readonly speculative?: readonly string[];
    readonly evictable?: readonly string[];
    readonly evictPagingStructures?: boolean;
    readonly nmis?: number;
  };
  readonly threads: readonly LitmusThread[];
  /** What a page fault executes. Without it a fault is the violation `fault unhandled`. */
  readonly fault?: readonly string[];
  /** What the interrupt of `ipi` executes, and an NMI. */
  readonly interrupt?: readonly string[];
  readonly nmi?: readonly string[];
  /** Final values that belong to the outcome: label → location. */
  readonly observe?: Readonly<Record<string, string>>;
  /** Flushes that can be in flight at once: the safety contract judges the test. Default: only what needs no contract. */
  readonly flushes?: number;
  readonly expected: Readonly<Partial<Record<Memory, LitmusExpectation>>>;
}

/** A file of litmus tests. */
export interface LitmusFile {
  readonly schemaVersion: 1;
  readonly kind: 'litmus';
  readonly title: string;
  readonly tests: readonly LitmusTest[];
}
