import type { Cpu, Env, FlushRequest, Mask, Program } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/** What the steps of the strategy share, made once at boot. */
export interface Sync {
  readonly env: Env;
  readonly steps: SyncSteps;
  /** Number of the flush function for cross-calls. */
  readonly remote: number;
  /** The mask of `on_each_cpu_cond_mask`, per CPU. */
  readonly temporary: readonly Mask[];
}

export type SyncStep<Args extends readonly unknown[], Result = void> = (
  sync: Sync,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `syncWith`. */
export interface SyncSteps {
  /** `flush_tlb_mm_range` and `native_flush_tlb_others`. */
  readonly flush: SyncStep<[request: FlushRequest]>;
  /** Whether the initiator has a part: `loaded_mm == mm`, or for a reclaim batch its bit in the batch's mask. */
  readonly flushesHere: SyncStep<[request: FlushRequest], boolean>;
  /** The initiator's own part. */
  readonly flushHere: SyncStep<[request: FlushRequest, generation: number]>;
  /** Which of these CPUs are interrupted. */
  readonly targetsOf: SyncStep<[request: FlushRequest, members: readonly number[]], readonly number[]>;
  /** `on_each_cpu_cond_mask`: a temporary mask, and an indirect call of `tlb_is_not_lazy` for every CPU of the mm. */
  readonly notLazy: SyncStep<[members: readonly number[]], readonly number[]>;
  /** `smp_call_function_many`, or `smp_call_function_single` with its csd on the stack for one target. */
  readonly callOthers: SyncStep<[others: readonly number[]]>;
  /** `on_each_cpu_mask` runs the remote function on the initiator too, interrupts off: normally all is up to date. */
  readonly callSelf: SyncStep<[]>;
}

const flush: SyncSteps['flush'] = function* (sync, cpu, request) {
  const { kernel, callFunction: smp, costs, spend } = sync.env;
  const { mm, firstPage, pageCount, kind } = request;
  yield* cpu.phase('prepare');
  yield* spend(cpu, costs.flushSetupCycles);
  const generation = yield* cpu.call(kernel.nextGeneration, mm);
  yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
  if (yield* sync.steps.flushesHere(sync, cpu, request)) {
    yield* cpu.phase('localFlush');
    yield* sync.steps.flushHere(sync, cpu, request, generation);
  }
  yield* cpu.phase('prepare');
  const members = yield* smp.members(cpu, request.cpus);
  if (!members.some((member) => member !== cpu.id)) {
    if (kind === 'kernel') yield* sync.steps.flushHere(sync, cpu, request, generation);
    return;
  }
  const targets = yield* sync.steps.targetsOf(sync, cpu, request, members);
  const others = targets.filter((target) => target !== cpu.id);
  yield* sync.steps.callOthers(sync, cpu, others);
  if (kind !== 'freeTable' && targets.includes(cpu.id)) yield* sync.steps.callSelf(sync, cpu);
};

const flushesHere: SyncSteps['flushesHere'] = function* ({ env }, cpu, { kind, mm, cpus }) {
  if (kind === 'kernel') return false;
  if (kind === 'reclaim') return yield* cpu.test(env.maskWord(cpus, cpu.id), 'anyBitSet', 1 << (cpu.id % 32));
  return yield* cpu.test(env.kernel.loadedMm(cpu.id), 'equal', mm);
};

const flushHere: SyncSteps['flushHere'] = function* ({ env }, cpu, { mm, firstPage, pageCount }, generation) {
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, generation);
  yield* cpu.enableInterrupts();
};

/** Lazy CPUs need no IPI unless page tables are freed. */
const targetsOf: SyncSteps['targetsOf'] = function* (sync, cpu, { kind }, members) {
  return kind === 'freeTable' || kind === 'kernel' ? members : yield* sync.steps.notLazy(sync, cpu, members);
};

const notLazy: SyncSteps['notLazy'] = function* ({ env, temporary }, cpu, members) {
  const { kernel, callFunction: smp, costs } = env;
  const targets: number[] = [];
  yield* env.spend(cpu, costs.cpumaskAllocCycles);
  for (const member of members) {
    yield* smp.indirectCall(cpu);
    if (yield* cpu.test(kernel.isLazy(member), 'equal', 1)) continue;
    targets.push(member);
  }
  yield* smp.writeMask(cpu, temporary[cpu.id] as Mask, targets);
  return targets;
};

const callOthers: SyncSteps['callOthers'] = function* ({ env, remote }, cpu, others) {
  const { kernel, callFunction: smp } = env;
  const [only] = others;
  if (only === undefined) return;
  const csdOf = (to: number): number => (others.length === 1 ? smp.csds.stack(cpu.id) : smp.csds.slot(cpu.id, to));
  const call = { func: remote, info: kernel.flushInfo.pointer(cpu.id), flags: CsdFlag.synchronous };
  yield* cpu.phase('queue');
  const woken = yield* smp.queueAll(cpu, others, csdOf, call);
  yield* cpu.phase('send');
  if (others.length > 1) yield* smp.sendMany(cpu, woken);
  else if (woken.length === 1) yield* smp.sendSingle(cpu, only);
  yield* cpu.phase('wait');
  for (const to of others) yield* smp.csdLockWait(cpu, csdOf(to));
};

const callSelf: SyncSteps['callSelf'] = function* ({ env }, cpu) {
  const { kernel, callFunction: smp } = env;
  yield* cpu.phase('localFlush');
  yield* cpu.disableInterrupts();
  yield* smp.indirectCall(cpu);
  yield* cpu.call(kernel.flushByInfo, kernel.flushInfo.pointer(cpu.id));
  yield* cpu.enableInterrupts();
};

/** Linux 5.2. */
export const syncSteps: SyncSteps = { flush, flushesHere, flushHere, targetsOf, notLazy, callOthers, callSelf };
