import type { Cpu, Env, FlushRequest, Mask, Program, Records, Vector, Word } from '@shootdown/plugin';

type RequestField = 'addr1' | 'pages' | 'pmap' | 'tlbGen' | 'gen';

/** What the steps of the strategy share, made once at boot. */
export interface Scoreboard {
  readonly env: Env;
  readonly steps: ScoreboardSteps;
  /** `pc_smp_tlb_*` of a CPU: what it asks of the others. `gen` counts its requests. */
  readonly requests: Records<RequestField>;
  /** `invl_scoreboard`: the generation of the initiator that the target has acknowledged; 0 asks. A row per target. */
  readonly slot: (target: number, initiator: number) => Word;
  /** Every CPU but this one. */
  readonly others: readonly Mask[];
  /** `IPI_INVLOP`. */
  readonly vector: Vector;
}

export type ScoreboardStep<Args extends readonly unknown[], Result = void> = (
  scoreboard: Scoreboard,
  cpu: Cpu,
  ...args: Args
) => Program<Result>;

/** The steps of the strategy, each replaceable under its name: see `scoreboardWith`. */
export interface ScoreboardSteps {
  /** `smp_targeted_tlb_shootdown_native`. */
  readonly flush: ScoreboardStep<[request: FlushRequest]>;
  /** Fills the CPU's request. Returns its generation. */
  readonly fill: ScoreboardStep<[request: FlushRequest, tlbGen: number], number>;
  /** Zeroes the slot of each target, then `ipi_selected`, or `ipi_all_but_self`. */
  readonly notify: ScoreboardStep<[targets: readonly number[]]>;
  /** `curcpu_cb`: the own invalidation. */
  readonly flushHere: ScoreboardStep<[request: FlushRequest, tlbGen: number]>;
  /** Waits until each slot holds the generation. */
  readonly awaitOthers: ScoreboardStep<[targets: readonly number[], generation: number]>;
  /** `invlop_handler`: the row of this CPU. */
  readonly handle: ScoreboardStep<[]>;
  /** `invlop_handler_one_req`: copies the request, acknowledges it, invalidates. */
  readonly answer: ScoreboardStep<[initiator: number]>;
}

const flush: ScoreboardSteps['flush'] = function* (scoreboard, cpu, request) {
  const { env, steps } = scoreboard;
  yield* cpu.phase('prepare');
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const tlbGen = yield* cpu.call(env.kernel.nextGeneration, request.mm);
  const members = yield* env.callFunction.members(cpu, request.cpus);
  const targets = members.filter((member) => member !== cpu.id);
  let generation = 0;
  if (targets.length > 0) {
    generation = yield* steps.fill(scoreboard, cpu, request, tlbGen);
    yield* steps.notify(scoreboard, cpu, targets);
  }
  if (targets.length < members.length) yield* steps.flushHere(scoreboard, cpu, request, tlbGen);
  yield* cpu.phase('wait');
  yield* steps.awaitOthers(scoreboard, cpu, targets, generation);
};

/** The generation skips 0, which would ask again. The request is the CPU's own until it zeroes a slot, and again when all have acknowledged. */
const fill: ScoreboardSteps['fill'] = function* ({ requests }, cpu, { mm, firstPage, pageCount }, tlbGen) {
  const next = (yield* cpu.load(requests.gen(cpu.id))) + 1;
  const generation = next === 0 ? 1 : next;
  yield* cpu.store(requests.gen(cpu.id), generation);
  yield* cpu.store(requests.addr1(cpu.id), firstPage);
  yield* cpu.store(requests.pages(cpu.id), pageCount);
  yield* cpu.store(requests.pmap(cpu.id), mm);
  yield* cpu.store(requests.tlbGen(cpu.id), tlbGen);
  return generation;
};

/** Stores are not reordered, so a target that sees its slot zero sees the request. */
const notify: ScoreboardSteps['notify'] = function* ({ env, slot, others, vector }, cpu, targets) {
  yield* cpu.phase('queue');
  for (const to of targets) yield* cpu.store(slot(to, cpu.id), 0);
  yield* cpu.phase('send');
  if (!env.features.icrWriteDrainsStores) yield* cpu.fence();
  if (targets.length < env.cpuCount - 1) {
    for (const to of targets) yield* cpu.sendIpi(to, vector);
    return;
  }
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.sendToMask, others[cpu.id] as Mask, vector);
  yield* cpu.enableInterrupts();
};

const flushHere: ScoreboardSteps['flushHere'] = function* ({ env }, cpu, { mm, firstPage, pageCount }, tlbGen) {
  yield* cpu.phase('localFlush');
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, tlbGen);
  yield* cpu.enableInterrupts();
};

const awaitOthers: ScoreboardSteps['awaitOthers'] = function* ({ slot }, cpu, targets, generation) {
  for (const to of targets) yield* cpu.waitUntil(slot(to, cpu.id), 'equal', generation);
};

const handle: ScoreboardSteps['handle'] = function* (scoreboard, cpu) {
  const { env, steps, slot } = scoreboard;
  for (let initiator = 0; initiator < env.cpuCount; initiator++) {
    if (initiator === cpu.id) continue;
    if (yield* cpu.test(slot(cpu.id, initiator), 'equal', 0)) yield* steps.answer(scoreboard, cpu, initiator);
  }
};

const answer: ScoreboardSteps['answer'] = function* ({ env, requests, slot }, cpu, initiator) {
  const mm = yield* cpu.load(requests.pmap(initiator));
  const firstPage = yield* cpu.load(requests.addr1(initiator));
  const pageCount = yield* cpu.load(requests.pages(initiator));
  const tlbGen = yield* cpu.load(requests.tlbGen(initiator));
  const generation = yield* cpu.load(requests.gen(initiator));
  yield* cpu.store(slot(cpu.id, initiator), generation);
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, tlbGen);
};

/** sys/amd64/amd64/mp_machdep.c of FreeBSD 13. */
export const scoreboardSteps: ScoreboardSteps = { flush, fill, notify, flushHere, awaitOthers, handle, answer };
