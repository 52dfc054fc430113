import type { Cpu, Env, FlushRequest, Mask, Program, Word } from '@shootdown/plugin';

/** No global ASID, in `mm->context.global_asid`. Real ones are never 0. */
export const NO_GLOBAL_ASID = 0;

/** See the strategy's schema. */
export interface BroadcastOptions {
  readonly globalAsid: 'earned' | 'fromBoot';
  readonly activeCpus: number;
  readonly considerEvery: number;
}

/** What the steps of the strategy share, made once at boot. */
export interface Broadcast {
  readonly env: Env;
  readonly options: BroadcastOptions;
  readonly steps: BroadcastSteps;
  /** Number of the flush function for cross-calls. */
  readonly remote: number;
  /** `flush_tlb_mask`, per CPU: whom an IPI goes to. */
  readonly flushMask: readonly Mask[];
  /** `mm->context.global_asid`. */
  readonly globalAsid: (mm: number) => Word;
  /** `mm->context.asid_transition`: some CPU may still run the mm under an ASID of its own. */
  readonly inTransition: (mm: number) => Word;
  /** `global_asid_lock`, and the global ASID that is given next. */
  readonly lock: Word;
  readonly nextAsid: Word;
  /** Flushes by IPI of a CPU since it last considered a global ASID. */
  readonly unconsidered: (cpu: number) => Word;
}

export type BroadcastStep<Args extends readonly unknown[], Result = void> = (
  broadcast: Broadcast,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `broadcastWith`. */
export interface BroadcastSteps {
  /** `flush_tlb_mm_range`. */
  readonly flush: BroadcastStep<[request: FlushRequest]>;
  /** Counts the flush and fills the request record. Returns the generation. */
  readonly prepare: BroadcastStep<[request: FlushRequest], number>;
  /** `broadcast_tlb_flush`: of an mm with a global ASID. */
  readonly flushGlobal: BroadcastStep<[request: FlushRequest, asid: number, generation: number]>;
  /** The INVLPGBs of `broadcast_tlb_flush`, which wait for nobody. */
  readonly invalidate: BroadcastStep<[request: FlushRequest, asid: number]>;
  /** `finish_asid_transition`: CPUs that still run the mm under an ASID of their own are interrupted. */
  readonly finishTransition: BroadcastStep<[request: FlushRequest, asid: number, generation: number]>;
  /** `__tlbsync`. */
  readonly synchronise: BroadcastStep<[]>;
  /** `arch_tlbbatch_flush` and `flush_tlb_all` as far as user mappings go: everything of every PCID. */
  readonly flushEverything: BroadcastStep<[]>;
  /** `flush_tlb_kernel_range`. */
  readonly flushKernel: BroadcastStep<[request: FlushRequest]>;
  /** `flush_tlb_multi`: by IPI to these CPUs, this one among them; returns when all have flushed. */
  readonly flushMulti: BroadcastStep<[request: FlushRequest, generation: number, targets: readonly number[]]>;
  /** `should_flush_tlb`: lazy CPUs are left out unless page tables are freed. */
  readonly targetsOf: BroadcastStep<[request: FlushRequest, members: readonly number[]], readonly number[]>;
  /** `consider_global_asid`: after a flush by IPI, now and then. */
  readonly considerGlobalAsid: BroadcastStep<[mm: number, members: readonly number[]]>;
  /** `mm_active_cpus_exceeds`: the mm runs on enough of these CPUs at this moment. */
  readonly isActiveEnough: BroadcastStep<[mm: number, members: readonly number[]], boolean>;
  /** `use_global_asid`. */
  readonly useGlobalAsid: BroadcastStep<[mm: number]>;
}
