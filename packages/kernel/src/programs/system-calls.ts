import { FLUSH_KINDS, spend } from '@shootdown/core';
import { enterSystemCall, returnToUser } from '../entry.js';
import type { KernelPrograms } from './types.js';

const PROTECT = FLUSH_KINDS.indexOf('protect');
const CLEAN_DIRTY = FLUSH_KINDS.indexOf('cleanDirty');

export const sysMadvise: KernelPrograms['sysMadvise'] = (kernel) =>
  function* (cpu, mm, firstPage, pageCount) {
    yield* enterSystemCall(kernel, cpu);
    yield* spend(cpu, kernel.costs.madviseWorkCycles);
    yield* cpu.call(kernel.mm.programs.zapPageRange, mm, firstPage, pageCount);
    yield* returnToUser(kernel, cpu, 'syscall');
  };

export const sysMunmap: KernelPrograms['sysMunmap'] = (kernel) =>
  function* (cpu, mm, firstPage, pageCount) {
    yield* enterSystemCall(kernel, cpu);
    yield* spend(cpu, kernel.costs.madviseWorkCycles);
    yield* cpu.call(kernel.mm.programs.unmapRegion, mm, firstPage, pageCount);
    yield* returnToUser(kernel, cpu, 'syscall');
  };

export const sysMprotect: KernelPrograms['sysMprotect'] = (kernel) =>
  function* (cpu, mm, firstPage, pageCount) {
    yield* enterSystemCall(kernel, cpu);
    yield* spend(cpu, kernel.costs.madviseWorkCycles);
    yield* cpu.call(kernel.mm.programs.changeProtection, PROTECT, mm, firstPage, pageCount);
    yield* returnToUser(kernel, cpu, 'syscall');
  };

export const sysMsync: KernelPrograms['sysMsync'] = (kernel) =>
  function* (cpu, mm, firstPage, pageCount) {
    yield* enterSystemCall(kernel, cpu);
    yield* spend(cpu, kernel.costs.madviseWorkCycles);
    yield* cpu.call(kernel.mm.programs.changeProtection, CLEAN_DIRTY, mm, firstPage, pageCount);
    yield* returnToUser(kernel, cpu, 'syscall');
  };

export const sysPageout: KernelPrograms['sysPageout'] = (kernel) =>
  function* (cpu, mm, firstPage, pageCount) {
    yield* enterSystemCall(kernel, cpu);
    yield* spend(cpu, kernel.costs.madviseWorkCycles);
    yield* cpu.call(kernel.mm.programs.shrinkPageList, mm, firstPage, pageCount);
    yield* returnToUser(kernel, cpu, 'syscall');
  };

export const sysSchedYield: KernelPrograms['sysSchedYield'] = (kernel) =>
  function* (cpu, thread, mm) {
    yield* enterSystemCall(kernel, cpu);
    yield* cpu.call(kernel.programs.contextSwitch, thread, mm);
    yield* returnToUser(kernel, cpu, 'syscall');
  };
