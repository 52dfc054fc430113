import { spend, wordAt } from '@shootdown/core';
import { ALL_PAGES, ANY_MM, INIT_MM } from '../constants.js';
import { FlushInfoOffset } from '../flush-info.js';
import type { MmSteps } from './steps.js';
import type { MmPrograms } from './types.js';

/**
 * The flush function F(c) (arch/x86/mm/tlb.c, Linux 5.4).
 *
 * `mm_tlb_gen` is read once and that value is what the CPU is up to date with afterwards: a refill after the flush is
 * ordered behind the read because the flush instructions serialise. A range is flushed page by page only when it is
 * exactly the next generation (a full and a partial request may be handled out of order) and the newest one.
 */
export const flushTlbFunc: MmPrograms['flushTlbFunc'] = (mm) =>
  function* (cpu, space, firstPage, pageCount, generation) {
    if (space === INIT_MM) return yield* cpu.become(mm.programs.flushKernelRange, firstPage, pageCount);
    const { tlbState, spaces } = mm;
    const loaded = yield* cpu.load(tlbState.loadedMm(cpu.id));
    if (space !== ANY_MM && loaded !== space) return;
    if (loaded < 0) return;
    const asid = yield* mm.steps.asidToFlush(mm, cpu, loaded);
    if (mm.isGlobalAsid(asid)) return;
    const newest = yield* cpu.loadSealed(spaces.generation(loaded));
    const own = tlbState.generation(cpu.id, asid);
    const local = yield* cpu.loadSealed(own);
    if (yield* cpu.test(tlbState.isLazy(cpu.id), 'equal', 1)) {
      yield* cpu.call(mm.programs.switchMm, INIT_MM);
      return;
    }
    if (cpu.difference(local, newest) === 0) return;
    yield* spend(cpu, mm.options.costs.flushFunctionCycles);
    const inRange = pageCount !== ALL_PAGES && pageCount <= mm.options.singlePageFlushCeiling;
    if (inRange && mm.steps.isPartialFlushEnough(cpu, generation, local, newest))
      yield* cpu.call(mm.programs.flushRange, asid, firstPage, pageCount);
    else yield* mm.steps.flushAll(mm, cpu, loaded, asid);
    yield* cpu.storeSealed(own, newest);
  };

/**
 * The ASID that the flush function flushes. A CPU that has missed the change to another one makes it now: that is all that an IPI
 * to it has to achieve (Linux of 2025).
 */
export const asidToFlush: MmSteps['asidToFlush'] = function* (mm, cpu, loaded) {
  const asid = yield* cpu.load(mm.tlbState.loadedAsid(cpu.id));
  if (!(yield* mm.steps.needsOtherAsid(mm, cpu, loaded, asid))) return asid;
  yield* cpu.call(mm.programs.switchMm, loaded);
  return yield* cpu.load(mm.tlbState.loadedAsid(cpu.id));
};

/** The request is exactly the next generation of the CPU and the newest one of the mm: nothing else is left to flush. */
export const isPartialFlushEnough: MmSteps['isPartialFlushEnough'] = (cpu, generation, local, newest) =>
  cpu.difference(generation, local) === 1 && cpu.difference(generation, newest) === 0;

/** The pages of a partial flush, as a frame of its own: it knows of no generation, so it does the same again and again. */
export const flushRange: MmPrograms['flushRange'] = (mm) => (cpu, asid, firstPage, pageCount) =>
  mm.steps.flushPages(mm, cpu, asid, firstPage, pageCount);

/** `__flush_tlb_one_user` per page: INVLPG, and under PTI the user PCID too. */
export const flushPages: MmSteps['flushPages'] = function* (mm, cpu, asid, firstPage, pageCount) {
  const { pti, invpcid } = mm.shape;
  for (let page = firstPage; page < firstPage + pageCount; page++) {
    yield* cpu.invlpg(page);
    if (!pti) continue;
    if (invpcid) yield* cpu.invpcid(0, mm.userPcid(asid), page);
    else yield* mm.steps.invalidateUserAsid(mm, cpu, asid);
  }
};

/** `__native_flush_tlb`: CR3 rewritten with its own value drops the current PCID's entries (SDM 4.10.4.1). */
export const flushAll: MmSteps['flushAll'] = function* (mm, cpu, loaded, asid) {
  yield* mm.steps.invalidateUserAsid(mm, cpu, asid);
  yield* cpu.writeCr3(mm.tables.root(loaded), mm.kernelPcid(asid), false);
};

/** `invalidate_user_asid`: the user PCID is flushed at the next return to user mode. Without PCID every CR3 write flushes. */
export const invalidateUserAsid: MmSteps['invalidateUserAsid'] = function* (mm, cpu, asid) {
  if (mm.shape.pti && mm.shape.pcid) yield* cpu.setBits(mm.tlbState.userPcidFlushMask(cpu.id), 1 << asid);
};

/** `flush_tlb_func_remote`: what an initiator asks other CPUs to call; the argument points at its request record, or at a copy. */
export const flushTlbFuncRemote: MmPrograms['flushTlbFuncRemote'] = (mm) =>
  function* (cpu, info) {
    const space = yield* cpu.load(wordAt(info, FlushInfoOffset.mm));
    const firstPage = yield* cpu.load(wordAt(info, FlushInfoOffset.firstPage));
    const pageCount = yield* cpu.load(wordAt(info, FlushInfoOffset.pageCount));
    const generation = yield* cpu.loadSealed(wordAt(info, FlushInfoOffset.generation));
    return yield* cpu.becomeSealed(mm.programs.flushTlbFunc, generation, space, firstPage, pageCount);
  };

/**
 * `do_kernel_range_flush`, or `do_flush_tlb_all` for everything. Kernel addresses have no generation; their entries are
 * global and survive a CR3 write, so everything goes by INVPCID type 2 (`__flush_tlb_all`).
 */
export const flushKernelRange: MmPrograms['flushKernelRange'] = (mm) =>
  function* (cpu, firstPage, pageCount) {
    if (pageCount === ALL_PAGES || pageCount > mm.options.singlePageFlushCeiling) {
      yield* cpu.invpcid(2, 0, 0);
      return;
    }
    for (let page = firstPage; page < firstPage + pageCount; page++) yield* cpu.invlpg(page);
  };
