import type { Boot } from '@shootdown/core';
import type { Mm } from '../mm.js';
import {
  asidToFlush,
  flushAll,
  flushKernelRange,
  flushPages,
  flushRange,
  flushTlbFunc,
  flushTlbFuncRemote,
  invalidateUserAsid,
  isPartialFlushEnough,
} from './flush-tlb-func.js';
import {
  freeBatch,
  freePageTables,
  releaseBatch,
  tlbFinishMmu,
  tlbGatherMmu,
  unmapRegion,
  unmapVmas,
  zapPageRange,
  zapPte,
} from './gather-programs.js';
import { nextGeneration } from './generation.js';
import { allocatePage, allocateTable, firstFrame, handleMmFault, reuseWritable } from './page-fault.js';
import { changeProtection, flushBatchedPending } from './protect.js';
import { addCpus, setFlushPending, shrinkPageList, tryToUnmapFlush, tryToUnmapOne } from './reclaim.js';
import type { MmSteps } from './steps.js';
import {
  changeAsid,
  chooseNewAsid,
  enterLazyTlb,
  leaveLazy,
  leaveMm,
  loadCr3,
  needsOtherAsid,
  switchContext,
  switchMm,
} from './switch-mm.js';
import type { MmPrograms, MmRefs } from './types.js';

export type { MmStep, MmSteps } from './steps.js';
export type { MmProgram, MmPrograms, MmRefs } from './types.js';

/** The programs of Linux 5.2 / 5.4. */
export const mmPrograms: MmPrograms = {
  nextGeneration,
  flushTlbFunc,
  flushRange,
  flushTlbFuncRemote,
  flushKernelRange,
  switchMm,
  enterLazyTlb,
  leaveMm,
  allocatePage,
  allocateTable,
  handleMmFault,
  tlbGatherMmu,
  zapPte,
  unmapVmas,
  freePageTables,
  tlbFinishMmu,
  freeBatch,
  zapPageRange,
  unmapRegion,
  changeProtection,
  flushBatchedPending,
  tryToUnmapOne,
  tryToUnmapFlush,
  shrinkPageList,
};

/** The steps of the same programs. */
export const mmSteps: MmSteps = {
  isPartialFlushEnough,
  flushPages,
  flushAll,
  invalidateUserAsid,
  switchContext,
  leaveLazy,
  chooseNewAsid,
  loadCr3,
  releaseBatch,
  firstFrame,
  reuseWritable,
  setFlushPending,
  addCpus,
  needsOtherAsid,
  changeAsid,
  asidToFlush,
};

/** Registers the programs under the names of the kernel's functions. */
export function registerMmPrograms(boot: Boot, mm: Mm, p: MmPrograms): MmRefs {
  return {
    nextGeneration: boot.program('inc_mm_tlb_gen', p.nextGeneration(mm)),
    flushTlbFunc: boot.programOfSealed('flush_tlb_func_common', 3, p.flushTlbFunc(mm)),
    flushRange: boot.program('__flush_tlb_one_user', p.flushRange(mm)),
    flushTlbFuncRemote: boot.program('flush_tlb_func_remote', p.flushTlbFuncRemote(mm)),
    flushKernelRange: boot.program('do_kernel_range_flush', p.flushKernelRange(mm)),
    switchMm: boot.program('switch_mm_irqs_off', p.switchMm(mm)),
    enterLazyTlb: boot.program('enter_lazy_tlb', p.enterLazyTlb(mm)),
    leaveMm: boot.program('leave_mm', p.leaveMm(mm)),
    allocatePage: boot.program('alloc_page', p.allocatePage(mm)),
    allocateTable: boot.program('__pte_alloc', p.allocateTable(mm)),
    handleMmFault: boot.program('handle_mm_fault', p.handleMmFault(mm)),
    tlbGatherMmu: boot.program('tlb_gather_mmu', p.tlbGatherMmu(mm)),
    zapPte: boot.program('zap_pte', p.zapPte(mm)),
    unmapVmas: boot.program('unmap_vmas', p.unmapVmas(mm)),
    freePageTables: boot.program('free_pgtables', p.freePageTables(mm)),
    tlbFinishMmu: boot.program('tlb_finish_mmu', p.tlbFinishMmu(mm)),
    freeBatch: boot.program('release_pages', p.freeBatch(mm)),
    zapPageRange: boot.program('zap_page_range', p.zapPageRange(mm)),
    unmapRegion: boot.program('unmap_region', p.unmapRegion(mm)),
    changeProtection: boot.program('change_protection', p.changeProtection(mm)),
    flushBatchedPending: boot.program('flush_tlb_batched_pending', p.flushBatchedPending(mm)),
    tryToUnmapOne: boot.program('try_to_unmap_one', p.tryToUnmapOne(mm)),
    tryToUnmapFlush: boot.program('try_to_unmap_flush', p.tryToUnmapFlush(mm)),
    shrinkPageList: boot.program('shrink_page_list', p.shrinkPageList(mm)),
  };
}
