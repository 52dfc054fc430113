import { ALL_PAGES, ANY_MM, INIT_MM, type Mask, SWITCHING } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';
import { type BroadcastSteps, NO_GLOBAL_ASID } from './broadcast.js';
import { considerGlobalAsid, isActiveEnough, useGlobalAsid } from './global-asid.js';

/** INVLPGB operand: every PCID. */
const EVERY_PCID = -1;

const flush: BroadcastSteps['flush'] = function* (broadcast, cpu, request) {
  const { env, steps, globalAsid } = broadcast;
  yield* cpu.phase('prepare');
  if (request.mm === INIT_MM) return yield* steps.flushKernel(broadcast, cpu, request);
  if (request.mm === ANY_MM) return yield* steps.flushEverything(broadcast, cpu);
  const generation = yield* steps.prepare(broadcast, cpu, request);
  const asid = yield* cpu.load(globalAsid(request.mm));
  if (asid !== NO_GLOBAL_ASID) return yield* steps.flushGlobal(broadcast, cpu, request, asid, generation);
  const members = yield* env.callFunction.members(cpu, request.cpus);
  const targets = yield* steps.targetsOf(broadcast, cpu, request, members);
  yield* steps.flushMulti(broadcast, cpu, request, generation, targets);
  if (members.some((member) => member !== cpu.id)) yield* steps.considerGlobalAsid(broadcast, cpu, request.mm, members);
};

const prepare: BroadcastSteps['prepare'] = function* ({ env }, cpu, { mm, firstPage, pageCount, kind }) {
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const generation = yield* cpu.call(env.kernel.nextGeneration, mm);
  yield* env.kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
  return generation;
};

/**
 * `inc_mm_tlb_gen`, a locked operation, has made the changes of the page table visible before the first INVLPGB. The CPU must
 * not change between the INVLPGBs and TLBSYNC.
 */
const flushGlobal: BroadcastSteps['flushGlobal'] = function* (broadcast, cpu, request, asid, generation) {
  const { steps } = broadcast;
  yield* cpu.phase('send');
  yield* steps.invalidate(broadcast, cpu, request, asid);
  yield* steps.finishTransition(broadcast, cpu, request, asid, generation);
  yield* cpu.phase('wait');
  yield* steps.synchronise(broadcast, cpu);
};

const invalidate: BroadcastSteps['invalidate'] = function* ({ env }, cpu, { firstPage, pageCount }, asid) {
  const { kernel, features } = env;
  const pcids = features.pti ? [kernel.kernelPcid(asid), kernel.userPcid(asid)] : [kernel.kernelPcid(asid)];
  if (pageCount === ALL_PAGES || pageCount > kernel.singlePageFlushCeiling) {
    for (const pcid of pcids) yield* cpu.invlpgb(pcid, 0, ALL_PAGES);
    return;
  }
  const end = firstPage + pageCount;
  for (let page = firstPage; page < end; page += features.pagesPerInvlpgb) {
    const pages = Math.min(features.pagesPerInvlpgb, end - page);
    for (const pcid of pcids) yield* cpu.invlpgb(pcid, page, pages);
  }
};

const finishTransition: BroadcastSteps['finishTransition'] = function* (broadcast, cpu, request, asid, generation) {
  const { env, steps, inTransition } = broadcast;
  const { kernel } = env;
  if (yield* cpu.test(inTransition(request.mm), 'equal', 0)) return;
  const members = yield* env.callFunction.members(cpu, request.cpus);
  for (const member of members) {
    yield* cpu.waitUntil(kernel.loadedMm(member), 'notEqual', SWITCHING);
    if (yield* cpu.test(kernel.loadedMm(member), 'notEqual', request.mm)) continue;
    if (yield* cpu.test(kernel.loadedAsid(member), 'equal', asid)) continue;
    yield* steps.flushMulti(broadcast, cpu, request, generation, members);
    return;
  }
  yield* cpu.store(inTransition(request.mm), 0);
};

const synchronise: BroadcastSteps['synchronise'] = function* (_broadcast, cpu) {
  yield* cpu.tlbsync();
};

/** `invlpgb_flush_all_nonglobals`. */
const flushEverything: BroadcastSteps['flushEverything'] = function* (broadcast, cpu) {
  yield* cpu.phase('send');
  yield* cpu.invlpgb(EVERY_PCID, 0, ALL_PAGES);
  yield* cpu.phase('wait');
  yield* broadcast.steps.synchronise(broadcast, cpu);
};

/** `invlpgb_kernel_range_flush`, or `invlpgb_flush_all` beyond the ceiling: global translations too, under every PCID. */
const flushKernel: BroadcastSteps['flushKernel'] = function* (broadcast, cpu, { firstPage, pageCount }) {
  const { kernel, features } = broadcast.env;
  yield* cpu.phase('send');
  if (pageCount === ALL_PAGES || pageCount > kernel.singlePageFlushCeiling) {
    yield* cpu.invlpgb(EVERY_PCID, 0, ALL_PAGES, false, true);
  } else {
    for (let page = firstPage; page < firstPage + pageCount; page += features.pagesPerInvlpgb) {
      const pages = Math.min(features.pagesPerInvlpgb, firstPage + pageCount - page);
      yield* cpu.invlpgb(EVERY_PCID, page, pages, false, true);
    }
  }
  yield* cpu.phase('wait');
  yield* broadcast.steps.synchronise(broadcast, cpu);
};

/** As merged for Linux 5.13: the own flush overlaps the others. */
const flushMulti: BroadcastSteps['flushMulti'] = function* ({ env, remote }, cpu, request, generation, targets) {
  const { kernel, callFunction: smp } = env;
  const others = targets.filter((target) => target !== cpu.id);
  if (others.length > 0) {
    const call = { func: remote, info: kernel.flushInfo.pointer(cpu.id), flags: CsdFlag.synchronous };
    yield* cpu.phase('queue');
    const woken = yield* smp.queueAll(cpu, others, (to) => smp.csds.slot(cpu.id, to), call);
    yield* cpu.phase('send');
    if (others.length === 1) yield* smp.sendSingle(cpu, others[0] as number);
    else yield* smp.sendMany(cpu, woken);
    yield* smp.indirectCall(cpu);
  }
  if (targets.includes(cpu.id)) {
    yield* cpu.phase('localFlush');
    yield* cpu.disableInterrupts();
    yield* cpu.call(kernel.flushHere, request.mm, request.firstPage, request.pageCount, generation);
    yield* cpu.enableInterrupts();
  }
  yield* cpu.phase('wait');
  for (const to of others) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
};

const targetsOf: BroadcastSteps['targetsOf'] = function* ({ env, flushMask }, cpu, { kind }, members) {
  if (kind === 'freeTable' || members.every((member) => member === cpu.id)) return members;
  const targets: number[] = [];
  for (const member of members) {
    if (yield* cpu.test(env.kernel.isLazy(member), 'equal', 1)) continue;
    targets.push(member);
  }
  yield* env.callFunction.writeMask(cpu, flushMask[cpu.id] as Mask, targets);
  return targets;
};

/** arch/x86/mm/tlb.c of Linux of 2025. */
export const broadcastSteps: BroadcastSteps = {
  flush,
  prepare,
  flushGlobal,
  invalidate,
  finishTransition,
  synchronise,
  flushEverything,
  flushKernel,
  flushMulti,
  targetsOf,
  considerGlobalAsid,
  isActiveEnough,
  useGlobalAsid,
};
