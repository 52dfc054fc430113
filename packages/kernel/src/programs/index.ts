import type { Boot } from '@shootdown/core';
import { mmPrograms, mmSteps } from '@shootdown/mm';
import { callFunctionPrograms, callFunctionSteps } from '@shootdown/smp-call-function';
import type { Kernel } from '../kernel.js';
import { flush } from './flush.js';
import { contextSwitch, idle, preemptSchedule, schedule, smpbootThreadFn } from './schedule.js';
import { sysMadvise, sysMprotect, sysMsync, sysMunmap, sysPageout, sysSchedYield } from './system-calls.js';
import { callFunctionInterrupt, doPageFault, nmi, nmiUaccessOkay, timerInterrupt } from './traps.js';
import { accessWithInterruptsOff, calledAhead, callAhead, probe } from './environment.js';
import { recordStealTime, stealTimeSetPreempted } from './steal-time.js';
import type { KernelPrograms, KernelRefs, LinuxPrograms, LinuxSteps } from './types.js';
import { operation, restore } from './workload.js';

export type { KernelProgram, KernelPrograms, KernelRefs, LinuxPrograms, LinuxSteps } from './types.js';

/** Linux 5.2 / 5.4. A kernel is booted with these unless its options name others. */
export const linuxPrograms: LinuxPrograms = {
  ...callFunctionPrograms,
  ...mmPrograms,
  flush,
  sysMadvise,
  sysMunmap,
  sysMprotect,
  sysMsync,
  sysPageout,
  sysSchedYield,
  doPageFault,
  contextSwitch,
  preemptSchedule,
  schedule,
  smpbootThreadFn,
  idle,
  callFunctionInterrupt,
  nmi,
  nmiUaccessOkay,
  timerInterrupt,
  stealTimeSetPreempted,
  recordStealTime,
  probe,
  callAhead,
  calledAhead,
  accessWithInterruptsOff,
  operation,
  restore,
};

/** The steps within these programs that can be replaced one by one. */
export const linuxSteps: LinuxSteps = { ...callFunctionSteps, ...mmSteps };

/** Registers the kernel's own programs under the names of Linux's functions. */
export function registerKernelPrograms(boot: Boot, kernel: Kernel, p: KernelPrograms): KernelRefs {
  return {
    flush: boot.program('flush_tlb_range', p.flush(kernel)),
    sysMadvise: boot.program('sys_madvise', p.sysMadvise(kernel)),
    sysMunmap: boot.program('sys_munmap', p.sysMunmap(kernel)),
    sysMprotect: boot.program('sys_mprotect', p.sysMprotect(kernel)),
    sysMsync: boot.program('sys_msync', p.sysMsync(kernel)),
    sysPageout: boot.program('sys_madvise_pageout', p.sysPageout(kernel)),
    sysSchedYield: boot.program('sys_sched_yield', p.sysSchedYield(kernel)),
    doPageFault: boot.program('do_page_fault', p.doPageFault(kernel)),
    contextSwitch: boot.program('context_switch', p.contextSwitch(kernel)),
    idle: boot.program('do_idle', p.idle(kernel)),
    callFunctionInterrupt: boot.program('smp_call_function_interrupt', p.callFunctionInterrupt(kernel)),
    nmi: boot.program('do_nmi', p.nmi(kernel)),
    nmiUaccessOkay: boot.program('nmi_uaccess_okay', p.nmiUaccessOkay(kernel)),
    probe: boot.program('kprobe', p.probe(kernel)),
    callAhead: boot.program('smp_call_function_single_async', p.callAhead(kernel)),
    calledAhead: boot.program('called_ahead', p.calledAhead(kernel)),
    accessWithInterruptsOff: boot.program('interrupts_off', p.accessWithInterruptsOff(kernel)),
    operation: boot.program('operation', p.operation(kernel)),
    restore: boot.program('restore', p.restore(kernel)),
    timerInterrupt: boot.program('smp_apic_timer_interrupt', p.timerInterrupt(kernel)),
    stealTimeSetPreempted: boot.program('kvm_steal_time_set_preempted', p.stealTimeSetPreempted(kernel)),
    recordStealTime: boot.program('record_steal_time', p.recordStealTime(kernel)),
    preemptSchedule: boot.program('preempt_schedule', p.preemptSchedule(kernel)),
    schedule: boot.program('__schedule', p.schedule(kernel)),
    smpbootThreadFn: boot.program('smpboot_thread_fn', p.smpbootThreadFn(kernel)),
  };
}
