import type { Cpu, Env, FlushRequest, Program, ProgramRef, Records, Vector, Word } from '@shootdown/plugin';

type RequestField = 'turn' | 'mm' | 'firstPage' | 'pageCount' | 'generation';

/** What the steps of the strategy share, made once at boot. */
export interface Message {
  readonly env: Env;
  readonly steps: MessageSteps;
  /** The channel from one CPU to another, a line that its sender alone writes. A request is there while `turn` is not what was seen. */
  readonly requests: Records<RequestField>;
  /** The channel of replies to them, in the other direction: 1 from the reply until the next request. */
  readonly done: (from: number, to: number) => Word;
  /** The `turn` of the last request of each CPU that this one has answered. */
  readonly seen: (cpu: number, from: number) => Word;
  /** Wakes the CPU's monitor; on one line with `attentive`. */
  readonly bell: (cpu: number) => Word;
  /** 1 while the CPU looks at its bell without being interrupted (TIF_POLLING_NRFLAG). */
  readonly attentive: (cpu: number) => Word;
  /** `RESCHEDULE_VECTOR`; absent where CPUs that do not look at their bells are left to their next tick. */
  readonly reschedule?: Vector;
  /** `serve` and `awaitReply` as programs: the one is a loop over all channels, the other waits for ever. */
  readonly programs: { readonly serve: ProgramRef<[]>; readonly awaitReply: ProgramRef<[to: number]> };
  /** Number of the channel between two CPUs. */
  readonly channel: (from: number, to: number) => number;
}

export type MessageStep<Args extends readonly unknown[], Result = void> = (
  message: Message,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `messageWith`. */
export interface MessageSteps {
  /** One round of one-phase commit: request, own flush, replies. */
  readonly flush: MessageStep<[request: FlushRequest]>;
  /** Which of these CPUs take part. */
  readonly targetsOf: MessageStep<[request: FlushRequest, members: readonly number[]], readonly number[]>;
  /** Writes the request into the channel. */
  readonly post: MessageStep<[to: number, request: FlushRequest, generation: number]>;
  /** Rings the bell of a CPU, and interrupts it when it would not hear it. */
  readonly ring: MessageStep<[to: number]>;
  /** The own flush. */
  readonly flushHere: MessageStep<[request: FlushRequest, generation: number]>;
  /** Waits for the reply of one CPU and serves others meanwhile. Returns whether it has come. */
  readonly awaitReply: MessageStep<[to: number], boolean>;
  /** The CPU no longer looks at its bell. */
  readonly turnAway: MessageStep<[]>;
  /** Answers every request that has come. */
  readonly serve: MessageStep<[]>;
  /** Flushes for one request and replies. */
  readonly answer: MessageStep<[from: number, turn: number]>;
}

const flush: MessageSteps['flush'] = function* (message, cpu, request) {
  const { env, steps, attentive, programs } = message;
  yield* cpu.phase('prepare');
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const generation = yield* cpu.call(env.kernel.nextGeneration, request.mm);
  const members = yield* env.callFunction.members(cpu, request.cpus);
  const targets = yield* steps.targetsOf(message, cpu, request, members);
  const others = targets.filter((target) => target !== cpu.id);
  if (others.length > 0) yield* cpu.store(attentive(cpu.id), 1);
  for (const to of others) {
    yield* cpu.phase('queue');
    yield* steps.post(message, cpu, to, request, generation);
    yield* cpu.phase('send');
    yield* steps.ring(message, cpu, to);
  }
  if (targets.includes(cpu.id)) yield* steps.flushHere(message, cpu, request, generation);
  yield* cpu.phase('wait');
  for (const to of others) yield* cpu.call(programs.awaitReply, to);
  if (others.length > 0) yield* steps.turnAway(message, cpu);
};

/** Lazy CPUs catch up by themselves unless page tables are freed, as in Linux (`tlb_is_not_lazy`). */
const targetsOf: MessageSteps['targetsOf'] = function* ({ env }, cpu, { kind }, members) {
  if (kind === 'freeTable' || kind === 'kernel') return members;
  const targets: number[] = [];
  for (const member of members) if (!(yield* cpu.test(env.kernel.isLazy(member), 'equal', 1))) targets.push(member);
  return targets;
};

/** Stores are not reordered, so who sees the other `turn` sees the request, and no older reply. */
const post: MessageSteps['post'] = function* ({ requests, done, channel }, cpu, to, request, generation) {
  const index = channel(cpu.id, to);
  const turn = 1 - (yield* cpu.load(requests.turn(index)));
  yield* cpu.store(done(cpu.id, to), 0);
  yield* cpu.store(requests.mm(index), request.mm);
  yield* cpu.store(requests.firstPage(index), request.firstPage);
  yield* cpu.store(requests.pageCount(index), request.pageCount);
  yield* cpu.store(requests.generation(index), generation);
  yield* cpu.store(requests.turn(index), turn);
};

/**
 * `resched_curr`, `set_nr_and_not_polling` (kernel/sched/core.c): who finds the bell rung leaves the rest to whoever has rung it. The
 * locked op makes the request visible and comes before the look at `attentive`; `turnAway` is the other half of that.
 */
const ring: MessageSteps['ring'] = function* ({ bell, attentive, reschedule }, cpu, to) {
  if (!(yield* cpu.compareExchange(bell(to), 0, 1))) return;
  if (reschedule === undefined || (yield* cpu.test(attentive(to), 'equal', 1))) return;
  yield* cpu.sendIpi(to, reschedule);
};

const flushHere: MessageSteps['flushHere'] = function* ({ env }, cpu, { mm, firstPage, pageCount }, generation) {
  yield* cpu.phase('localFlush');
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, generation);
  yield* cpu.enableInterrupts();
};

/** Its own monitor cannot run while it waits, for preemption is off: two initiators would wait for each other. */
const awaitReply: MessageSteps['awaitReply'] = function* ({ done, bell, programs }, cpu, to) {
  if ((yield* cpu.waitAny([done(cpu.id, to), bell(cpu.id)], 'equal', 1)) === 0) return true;
  yield* cpu.exchange(bell(cpu.id), 0);
  yield* cpu.call(programs.serve);
  return false;
};

/** A locked op: the kernel looks at the bell next, and who rings it in between has seen that nobody listens. */
const turnAway: MessageSteps['turnAway'] = function* ({ attentive }, cpu) {
  yield* cpu.exchange(attentive(cpu.id), 0);
};

const serve: MessageSteps['serve'] = function* (message, cpu) {
  const { env, steps, requests, seen, channel } = message;
  for (let from = 0; from < env.cpuCount; from++) {
    if (from === cpu.id) continue;
    const turn = yield* cpu.load(requests.turn(channel(from, cpu.id)));
    if (yield* cpu.test(seen(cpu.id, from), 'notEqual', turn)) yield* steps.answer(message, cpu, from, turn);
  }
};

const answer: MessageSteps['answer'] = function* ({ env, requests, done, seen, channel }, cpu, from, turn) {
  const index = channel(from, cpu.id);
  const mm = yield* cpu.load(requests.mm(index));
  const firstPage = yield* cpu.load(requests.firstPage(index));
  const pageCount = yield* cpu.load(requests.pageCount(index));
  const generation = yield* cpu.load(requests.generation(index));
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, generation);
  yield* cpu.enableInterrupts();
  yield* cpu.store(seen(cpu.id, from), turn);
  yield* cpu.store(done(from, cpu.id), 1);
};

/** Barrelfish's one-phase commit, on the kernel of this laboratory. */
export const messageSteps: MessageSteps = {
  flush,
  targetsOf,
  post,
  ring,
  flushHere,
  awaitReply,
  turnAway,
  serve,
  answer,
};
