import type { FlushKind, Machine } from '@shootdown/core';

/** The safety mark from which a flush gives its guarantee. */
export type GuaranteeMark = 'return' | 'release';

/** Is told when a driver's statistics have to look again. It must not change the machine. */
export interface SafetyListener {
  /** Whether this CPU owes an invalidation, or an overdue one, may have changed: see `owesAny`, `isOverdue`. */
  debtChanged(machine: Machine, cpu: number): void;
}

export interface SafetyOptions {
  /** Flushes that can be in flight at once, 1 … 30: the threads that may initiate one, plus deferred ones. */
  readonly flushes: number;
  /** Ranges that the `cover` marks of one flush can name; ranges that continue each other are one. Default 8. */
  readonly coversPerFlush?: number;
  /** Table page that is the root of an mm's page table. */
  readonly rootOf: (mm: number) => number;
  /** Request kinds that the guarantee of `release` holds for; all others hold from `return`. */
  readonly guarantee?: Readonly<Partial<Record<FlushKind, GuaranteeMark>>>;
  /** The kernel names the owner of every frame that it maps (`setFrameOwner`): an access to a frame of another owner is judged. */
  readonly ownsFrames?: boolean;
  readonly listener?: SafetyListener;
}

/** A per-CPU `tlb_gen` word (`cpu_tlbstate.ctxs[asid].tlb_gen` in Linux) and the context it speaks of. */
export interface GenerationContext {
  /** It lies in the memory of this CPU (`home` of its records). */
  readonly word: number;
  readonly cpu: number;
  /** The PCIDs that must have been flushed when the word says so. */
  readonly pcids: readonly number[];
}
