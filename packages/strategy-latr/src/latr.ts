import type { Cpu, Env, FlushRequest, Mask, Program, Records, Word } from '@shootdown/plugin';

/** Options with their defaults filled in. */
export interface LatrOptions {
  readonly records: number;
  readonly ticks: number;
  readonly reclaim: 'afterTicks' | 'whenSwept';
}

/** What the steps of the strategy share, made once at boot. Records are numbered through: those of CPU c begin at c · `perCpu`. */
export interface Latr {
  readonly env: Env;
  readonly options: LatrOptions;
  readonly steps: LatrSteps;
  /** Number of the flush function for cross-calls. */
  readonly remote: number;
  /** Records of a CPU. */
  readonly perCpu: number;
  /** What was unmapped. Stable from the publication of a record to its release. */
  readonly state: Records<'mm' | 'firstPage' | 'pageCount' | 'tlbGen'>;
  /** The CPUs that have not swept a record yet: each clears its own bit. */
  readonly owed: (record: number) => Mask;
  /** Records of a CPU that are published: nothing is to be swept where there are none. */
  readonly published: (cpu: number) => Word;
  /** The batch that goes with a record, and in how many ticks of its CPU it may go back; 0 ticks: the record is free. */
  readonly held: Records<'batch' | 'ticksLeft'>;
  /** The record that the CPU fills next, counted from its first one. */
  readonly next: (cpu: number) => Word;
  /** The record of the flush whose batch is about to be handed over, + 1; 0: that flush left nothing to wait for. */
  readonly open: (cpu: number) => Word;
}

export type LatrStep<Args extends readonly unknown[], Result = void> = (
  latr: Latr,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `latrWith`. */
export interface LatrSteps {
  readonly flush: LatrStep<[request: FlushRequest]>;
  /** The CPUs of the request besides this one, lazy ones left out unless a page table is freed. */
  readonly targetsOf: LatrStep<[request: FlushRequest], readonly number[]>;
  /** The record that an unmap may leave; -1: another request, or every record is in use. */
  readonly freeRecord: LatrStep<[request: FlushRequest], number>;
  /** Fills the record; the last store makes it visible as a whole. */
  readonly publish: LatrStep<[record: number, request: FlushRequest, tlbGen: number, targets: readonly number[]]>;
  readonly flushHere: LatrStep<[request: FlushRequest, tlbGen: number]>;
  /** Everything that may not wait: `smp_call_function_many`. */
  readonly callOthers: LatrStep<[request: FlushRequest, tlbGen: number, targets: readonly number[]]>;
  /** Takes charge of a batch. */
  readonly release: LatrStep<[batch: number]>;
  /** The records of every other CPU, interrupts off. */
  readonly sweep: LatrStep<[]>;
  /** The records of one CPU. */
  readonly sweepRecords: LatrStep<[owner: number]>;
  /** Invalidates what a record names, then clears the own bit. */
  readonly sweepRecord: LatrStep<[record: number]>;
  /** After the sweep of a tick: the own records are one tick older, and batches whose time has come go back. */
  readonly reclaim: LatrStep<[]>;
  /** Whether the batch of a record may go back now. */
  readonly isDue: LatrStep<[record: number, ticksLeft: number], boolean>;
}
