import type { ActionPolicy, Cell, CellDescription, MachineFactory, Memory } from '@shootdown/checker';

/** What every entry says of itself. What is expected of it stands elsewhere: see `expectations.ts`. */
export interface Described {
  /** `Z0` … `Z37` are bugs that happened, `M1` … `M16` mutants. */
  readonly id: string;
  readonly title: string;
  /** Commit, advisory, message or kernel text. */
  readonly source: string;
  /** What goes wrong, and what the repair was, in a few sentences. */
  readonly story: string;
  /** The strongest memory model that shows it: `tso` when it needs store buffers and is clean under sequential consistency. */
  readonly memory: Memory;
}

/** What of a cell is not the shipped code. The name of a seam is the name of the function that takes its place. */
export type Replacement = Partial<Pick<Cell, 'strategy' | 'programs' | 'steps'>>;

/** The shipped program with one seam replaced. */
export interface SeamEntry extends Described {
  readonly kind: 'seam';
  /** Names of the replaced programs and steps. */
  readonly seams: readonly string[];
  /**
   * Which of the two is shipped. Normally it is the fixed one; an entry that is `buggy` as shipped repairs the seam, because Linux
   * itself has the bug.
   */
  readonly shipped: 'fixed' | 'buggy';
  /** Strategy, options and replaced seams of the variant that is not shipped. */
  readonly replacement: Replacement;
  readonly strategy: Cell['strategy'];
  readonly options: object;
  /** The smallest cell that finds it. */
  readonly cell: CellDescription;
}

/** A program of its own, for what the machine has and the kernel has not. */
export interface SeparateEntry extends Described {
  readonly kind: 'separate';
  /** Programs of the kernel that it runs and replaces; none for a program without the kernel. */
  readonly seams: readonly string[];
  readonly cpus: number;
  readonly actions: ActionPolicy;
  readonly machine: (variant: Variant, memory: Memory) => MachineFactory;
}

export type Entry = SeamEntry | SeparateEntry;

export const VARIANTS = ['buggy', 'fixed'] as const;
export type Variant = (typeof VARIANTS)[number];
