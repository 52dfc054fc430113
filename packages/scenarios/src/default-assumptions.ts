import type { Assumptions } from './scenario.js';

/**
 * The environment of the built-in scenarios, and the defaults of the schema: an NMI handler that asks
 * `nmi_uaccess_okay()` before it touches user memory, as perf does (arch/x86/include/asm/tlbflush.h), and nothing else.
 */
export const defaultAssumptions: Assumptions = {
  nmi: 'asks',
  kprobe: 'nothing',
  interruptsOffRemote: 'none',
  queuedCall: 'plain',
  speculativeDeviceLoad: false,
};
