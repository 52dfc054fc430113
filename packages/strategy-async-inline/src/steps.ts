import type { Cpu, Env, FlushRequest, Mask, Program } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/** The strategy's options; its manifest says what they mean. */
export interface AsyncInlineOptions {
  readonly ack: 'early' | 'late' | 'none';
  readonly freedTables: 'sync' | 'early';
  readonly nmiGuard: boolean;
}

/** What the steps of the strategy share, made once at boot. */
export interface AsyncInline {
  readonly env: Env;
  readonly options: AsyncInlineOptions;
  readonly steps: AsyncInlineSteps;
  /** Number of the flush function for cross-calls. */
  readonly remote: number;
  /** `flush_tlb_mask`, per CPU. */
  readonly flushMask: readonly Mask[];
}

export type AsyncInlineStep<Args extends readonly unknown[], Result = void> = (
  async: AsyncInline,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `asyncInlineWith`. */
export interface AsyncInlineSteps {
  /** `flush_tlb_mm_range` with `flush_tlb_multi`. */
  readonly flush: AsyncInlineStep<[request: FlushRequest]>;
  /** A target acknowledges such a request after its flush only. */
  readonly isSynchronous: (async: AsyncInline, request: FlushRequest) => boolean;
  /** Counts the flush and fills the request record. Returns the generation. */
  readonly prepare: AsyncInlineStep<[request: FlushRequest], number>;
  /** Which of these CPUs flush. */
  readonly targetsOf: AsyncInlineStep<[request: FlushRequest, members: readonly number[]], readonly number[]>;
  /** The lazy filter, open-coded into a dedicated per-CPU mask. */
  readonly notLazy: AsyncInlineStep<[members: readonly number[]], readonly number[]>;
  /** Queues the request to each of them, inlined, and sends the IPIs. */
  readonly callOthers: AsyncInlineStep<[request: FlushRequest, others: readonly number[]]>;
  /** The initiator's own part. */
  readonly flushHere: AsyncInlineStep<[request: FlushRequest, generation: number]>;
  /** Waits until each of them has acknowledged. */
  readonly awaitOthers: AsyncInlineStep<[request: FlushRequest, others: readonly number[]]>;
  /** What `nmi_uaccess_okay()` asks. */
  readonly mayAccessUser: AsyncInlineStep<[], boolean>;
}

const flush: AsyncInlineSteps['flush'] = function* (async, cpu, request) {
  const { steps } = async;
  yield* cpu.phase('prepare');
  const generation = yield* steps.prepare(async, cpu, request);
  const members = yield* async.env.callFunction.members(cpu, request.cpus);
  const targets = yield* steps.targetsOf(async, cpu, request, members);
  const others = targets.filter((target) => target !== cpu.id);
  if (others.length > 0) yield* steps.callOthers(async, cpu, request, others);
  if (targets.includes(cpu.id)) yield* steps.flushHere(async, cpu, request, generation);
  yield* steps.awaitOthers(async, cpu, request, others);
};

const isSynchronous: AsyncInlineSteps['isSynchronous'] = ({ options: { ack, freedTables } }, { kind }) =>
  ack === 'late' || kind === 'kernel' || (kind === 'freeTable' && freedTables !== 'early');

const prepare: AsyncInlineSteps['prepare'] = function* ({ env }, cpu, { mm, firstPage, pageCount, kind }) {
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const generation = yield* cpu.call(env.kernel.nextGeneration, mm);
  yield* env.kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', false);
  return generation;
};

/** Lazy CPUs need no IPI unless page tables are freed. */
const targetsOf: AsyncInlineSteps['targetsOf'] = function* (async, cpu, { kind }, members) {
  const isLocal = members.every((member) => member === cpu.id);
  if (isLocal || kind === 'freeTable' || kind === 'kernel') return members;
  return yield* async.steps.notLazy(async, cpu, members);
};

const notLazy: AsyncInlineSteps['notLazy'] = function* ({ env, flushMask }, cpu, members) {
  const targets: number[] = [];
  for (const member of members) {
    if (yield* cpu.test(env.kernel.isLazy(member), 'equal', 1)) continue;
    targets.push(member);
  }
  yield* env.callFunction.writeMask(cpu, flushMask[cpu.id] as Mask, targets);
  return targets;
};

const callOthers: AsyncInlineSteps['callOthers'] = function* (async, cpu, request, others) {
  const { kernel, callFunction: smp } = async.env;
  const isSynchronous = async.steps.isSynchronous(async, request);
  const flags = CsdFlag.inlined | (isSynchronous ? CsdFlag.synchronous : 0);
  const call = { func: async.remote, info: kernel.flushInfo.pointer(cpu.id), flags };
  yield* cpu.phase('queue');
  const woken = yield* smp.queueAll(cpu, others, (to) => smp.csds.slot(cpu.id, to), call);
  yield* cpu.phase('send');
  if (others.length === 1) yield* smp.sendSingle(cpu, others[0] as number);
  else yield* smp.sendMany(cpu, woken);
  yield* smp.indirectCall(cpu);
};

const flushHere: AsyncInlineSteps['flushHere'] = function* ({ env }, cpu, { mm, firstPage, pageCount }, generation) {
  yield* cpu.phase('localFlush');
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, generation);
  yield* cpu.enableInterrupts();
};

/** With `ack: none` the initiator does not wait for asynchronous requests, which is broken. */
const awaitOthers: AsyncInlineSteps['awaitOthers'] = function* (async, cpu, request, others) {
  const { callFunction: smp } = async.env;
  if (async.options.ack === 'none' && !async.steps.isSynchronous(async, request)) return;
  yield* cpu.phase('wait');
  for (const to of others) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
};

/** Not between the acknowledgement of a flush and its end: the stale entry is still there. */
const mayAccessUser: AsyncInlineSteps['mayAccessUser'] = function* ({ env, options, remote }, cpu) {
  return !options.nmiGuard || (yield* cpu.test(env.callFunction.asyncInProgress(cpu.id), 'notEqual', remote));
};

/** RFC v2, patches 2 to 12. */
export const asyncInlineSteps: AsyncInlineSteps = {
  flush,
  isSynchronous,
  prepare,
  targetsOf,
  notLazy,
  callOthers,
  flushHere,
  awaitOthers,
  mayAccessUser,
};
