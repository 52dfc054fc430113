import type { Cpu, Env, FlushRequest, Mask, Program } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/** What the steps of the strategy share, made once at boot. */
export interface Concurrent {
  readonly env: Env;
  readonly steps: ConcurrentSteps;
  /** Number of the flush function for cross-calls. */
  readonly remote: number;
  /** `flush_tlb_mask`, per CPU. */
  readonly flushMask: readonly Mask[];
}

export type ConcurrentStep<Args extends readonly unknown[], Result = void> = (
  concurrent: Concurrent,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `concurrentWith`. */
export interface ConcurrentSteps {
  /** `flush_tlb_mm_range` with `flush_tlb_multi`. */
  readonly flush: ConcurrentStep<[request: FlushRequest]>;
  /** Counts the flush and fills the request record. Returns the generation. */
  readonly prepare: ConcurrentStep<[request: FlushRequest], number>;
  /** Which of these CPUs flush. */
  readonly targetsOf: ConcurrentStep<[request: FlushRequest, members: readonly number[]], readonly number[]>;
  /** The lazy filter, open-coded into a dedicated per-CPU mask. */
  readonly notLazy: ConcurrentStep<[members: readonly number[]], readonly number[]>;
  /** Queues the request to each of them and sends the IPIs. */
  readonly callOthers: ConcurrentStep<[others: readonly number[]]>;
  /** The initiator's own part, while the others do theirs. */
  readonly flushHere: ConcurrentStep<[request: FlushRequest, generation: number]>;
  /** Waits until each of them has flushed. */
  readonly awaitOthers: ConcurrentStep<[others: readonly number[]]>;
}

const flush: ConcurrentSteps['flush'] = function* (concurrent, cpu, request) {
  const { steps } = concurrent;
  yield* cpu.phase('prepare');
  const generation = yield* steps.prepare(concurrent, cpu, request);
  const members = yield* concurrent.env.callFunction.members(cpu, request.cpus);
  const targets = yield* steps.targetsOf(concurrent, cpu, request, members);
  const others = targets.filter((target) => target !== cpu.id);
  if (others.length > 0) yield* steps.callOthers(concurrent, cpu, others);
  if (targets.includes(cpu.id)) yield* steps.flushHere(concurrent, cpu, request, generation);
  yield* cpu.phase('wait');
  yield* steps.awaitOthers(concurrent, cpu, others);
};

const prepare: ConcurrentSteps['prepare'] = function* ({ env }, cpu, { mm, firstPage, pageCount, kind }) {
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const generation = yield* cpu.call(env.kernel.nextGeneration, mm);
  yield* env.kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
  return generation;
};

/** Lazy CPUs need no IPI unless page tables are freed. */
const targetsOf: ConcurrentSteps['targetsOf'] = function* (concurrent, cpu, { kind }, members) {
  const isLocal = members.every((member) => member === cpu.id);
  if (isLocal || kind === 'freeTable' || kind === 'kernel') return members;
  return yield* concurrent.steps.notLazy(concurrent, cpu, members);
};

const notLazy: ConcurrentSteps['notLazy'] = function* ({ env, flushMask }, cpu, members) {
  const targets: number[] = [];
  for (const member of members) {
    if (yield* cpu.test(env.kernel.isLazy(member), 'equal', 1)) continue;
    targets.push(member);
  }
  yield* env.callFunction.writeMask(cpu, flushMask[cpu.id] as Mask, targets);
  return targets;
};

const callOthers: ConcurrentSteps['callOthers'] = function* ({ env, remote }, cpu, others) {
  const { kernel, callFunction: smp } = env;
  const call = { func: remote, info: kernel.flushInfo.pointer(cpu.id), flags: CsdFlag.synchronous };
  yield* cpu.phase('queue');
  const woken = yield* smp.queueAll(cpu, others, (to) => smp.csds.slot(cpu.id, to), call);
  yield* cpu.phase('send');
  if (others.length === 1) yield* smp.sendSingle(cpu, others[0] as number);
  else yield* smp.sendMany(cpu, woken);
  yield* smp.indirectCall(cpu);
};

const flushHere: ConcurrentSteps['flushHere'] = function* ({ env }, cpu, { mm, firstPage, pageCount }, generation) {
  yield* cpu.phase('localFlush');
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, generation);
  yield* cpu.enableInterrupts();
};

const awaitOthers: ConcurrentSteps['awaitOthers'] = function* ({ env }, cpu, others) {
  const { callFunction: smp } = env;
  for (const to of others) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
};

/** RFC v1, patches 3 to 6. */
export const concurrentSteps: ConcurrentSteps = {
  flush,
  prepare,
  targetsOf,
  notLazy,
  callOthers,
  flushHere,
  awaitOthers,
};
