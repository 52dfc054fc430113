import { StealTime } from '@shootdown/plugin';
import type { SeparateEntry } from '../entry.js';
import { type AskHost, fixed, guest } from '../separate/kvm.js';

const buggy: AskHost = function* (cpu, { preempted }, target) {
  if (preempted === undefined) return false;
  const { preempted: away, flushTlb } = StealTime;
  if (!(yield* cpu.test(preempted(target), 'equal', away))) return false;
  yield* cpu.store(preempted(target), away | flushTlb);
  return true;
};

export const m15: SeparateEntry = {
  id: 'M15',
  title: 'a guest sets the flag for the host with a plain store',
  source: 'Linux arch/x86/kernel/kvm.c, kvm_flush_tlb_others (cmpxchg of steal_time.preempted)',
  story:
    'The host lets the virtual CPU run between the look at the flags and the store. The CPU is neither flushed by the host nor interrupted.',
  memory: 'sc',
  kind: 'separate',
  seams: [],
  cpus: 2,
  actions: {},
  machine: (variant, memory) => guest({}, variant === 'buggy' ? buggy : fixed, memory),
};
