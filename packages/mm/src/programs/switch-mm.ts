import { maskBit, maskWord } from '@shootdown/core';
import { contextId } from '../address-spaces.js';
import { INIT_MM, SWITCHING } from '../constants.js';
import type { MmSteps } from './steps.js';
import type { MmPrograms } from './types.js';

/**
 * `switch_mm_irqs_off` (Linux 5.4).
 *
 * Two Dekker pairs with the initiator of a flush: {set mask bit; read tlb_gen; fill} against {PTE store; inc tlb_gen;
 * read mask}, and {clear is_lazy; full barrier; read tlb_gen} against {inc tlb_gen; read is_lazy}.
 */
export const switchMm: MmPrograms['switchMm'] = (mm) =>
  function* (cpu, next) {
    const { tlbState } = mm;
    const previous = yield* cpu.load(tlbState.loadedMm(cpu.id));
    const asid = yield* cpu.load(tlbState.loadedAsid(cpu.id));
    const wasLazy = yield* cpu.test(tlbState.isLazy(cpu.id), 'equal', 1);
    yield* cpu.store(tlbState.isLazy(cpu.id), 0);
    if (previous !== next) yield* mm.steps.switchContext(mm, cpu, previous, next);
    else if (yield* mm.steps.needsOtherAsid(mm, cpu, next, asid)) yield* mm.steps.changeAsid(mm, cpu, next);
    else if (wasLazy && !mm.isGlobalAsid(asid)) yield* mm.steps.leaveLazy(mm, cpu, next, asid);
  };

/** `mm_needs_global_asid` (Linux of 2025): the strategy has given the mm another ASID than the one loaded. */
export const needsOtherAsid: MmSteps['needsOtherAsid'] = function* (mm, cpu, space, asid) {
  if (mm.shape.broadcast === undefined || mm.port.chooseAsid === undefined) return false;
  const given = yield* cpu.call(mm.port.chooseAsid, space);
  return given >= 0 && given !== asid;
};

/** The label `reload_tlb` of `switch_mm_irqs_off` (Linux of 2025): the mm that is loaded gets its other ASID. */
export const changeAsid: MmSteps['changeAsid'] = function* (mm, cpu, space) {
  const newest = yield* cpu.load(mm.spaces.generation(space));
  const chosen = yield* mm.steps.chooseNewAsid(mm, cpu, space, newest);
  yield* mm.steps.loadCr3(mm, cpu, space, chosen >> 1, newest, (chosen & 1) === 1);
};

/** The same mm after lazy TLB mode: flushes that skipped this CPU are caught up with in one full flush. */
export const leaveLazy: MmSteps['leaveLazy'] = function* (mm, cpu, next, asid) {
  yield* cpu.fence();
  const newest = yield* cpu.load(mm.spaces.generation(next));
  if (yield* cpu.test(mm.tlbState.generation(cpu.id, asid), 'equal', newest)) return;
  yield* mm.steps.loadCr3(mm, cpu, next, asid, newest, true);
};

/** The different-mm half. `switchOrder` says where LOADED_MM_SWITCHING is stored. */
export const switchContext: MmSteps['switchContext'] = function* (mm, cpu, previous, next) {
  const { tlbState, options } = mm;
  const early = options.switchOrder === 'switchingFirst';
  if (early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  if (previous !== INIT_MM) yield* cpu.clearBits(maskWord(mm.spaces.cpuMask(previous), cpu.id), maskBit(cpu.id));
  if (next !== INIT_MM) yield* cpu.setBits(maskWord(mm.spaces.cpuMask(next), cpu.id), maskBit(cpu.id));
  const newest = yield* cpu.load(mm.spaces.generation(next));
  const chosen = yield* mm.steps.chooseNewAsid(mm, cpu, next, newest);
  if (!early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  yield* mm.steps.loadCr3(mm, cpu, next, chosen >> 1, newest, (chosen & 1) === 1);
};

/** `choose_new_asid`: returns 2 · asid + (1 when it has to be flushed). */
export const chooseNewAsid: MmSteps['chooseNewAsid'] = function* (mm, cpu, next, newest) {
  const { tlbState, shape, port } = mm;
  const given = port.chooseAsid === undefined ? -1 : yield* cpu.call(port.chooseAsid, next);
  if (given >= 0) return 2 * given;
  if (!shape.pcid) return 1;
  for (let asid = 0; asid < shape.asids; asid++) {
    if (!(yield* cpu.test(tlbState.contextId(cpu.id, asid), 'equal', contextId(next)))) continue;
    return 2 * asid + ((yield* cpu.test(tlbState.generation(cpu.id, asid), 'atLeast', newest)) ? 0 : 1);
  }
  const fresh = yield* cpu.load(tlbState.nextAsid(cpu.id));
  const asid = fresh >= shape.asids ? 0 : fresh;
  yield* cpu.store(tlbState.nextAsid(cpu.id), asid + 1);
  return 2 * asid + 1;
};

/** `load_new_mm_cr3` and the bookkeeping around it: the context is written before CR3 when it is flushed, `loaded_mm` after. */
export const loadCr3: MmSteps['loadCr3'] = function* (mm, cpu, next, asid, newest, flush) {
  const { tlbState, shape, port } = mm;
  const root = mm.tables.root(next);
  if (port.beforeLoadCr3 !== undefined) yield* cpu.call(port.beforeLoadCr3, next);
  if (flush) {
    yield* cpu.store(tlbState.contextId(cpu.id, asid), contextId(next));
    yield* cpu.store(tlbState.generation(cpu.id, asid), newest);
    yield* mm.steps.invalidateUserAsid(mm, cpu, asid);
  }
  if (shape.pti) yield* cpu.store(tlbState.kernelCr3(cpu.id), mm.encodeCr3(root, asid));
  yield* cpu.writeCr3(root, mm.kernelPcid(asid), !flush && shape.pcid);
  yield* cpu.store(tlbState.loadedMm(cpu.id), next);
  yield* cpu.store(tlbState.loadedAsid(cpu.id), asid);
  if (port.afterLoadCr3 !== undefined) yield* cpu.call(port.afterLoadCr3, next);
};

/** `enter_lazy_tlb`: the mask bit stays, the CPU keeps the mm loaded and is skipped by flushes that free no table. */
export const enterLazyTlb: MmPrograms['enterLazyTlb'] = (mm) =>
  function* (cpu) {
    if (yield* cpu.test(mm.tlbState.loadedMm(cpu.id), 'equal', INIT_MM)) return;
    yield* cpu.store(mm.tlbState.isLazy(cpu.id), 1);
  };

/** `leave_mm`: no later flush has to wake this CPU. */
export const leaveMm: MmPrograms['leaveMm'] = (mm) =>
  function* (cpu) {
    if (yield* cpu.test(mm.tlbState.loadedMm(cpu.id), 'equal', INIT_MM)) return;
    yield* cpu.call(mm.programs.switchMm, INIT_MM);
  };
