import type { KernelPrograms } from '@shootdown/kernel';
import { StealTime } from '@shootdown/plugin';
import type { SeparateEntry } from '../entry.js';
import { fixed, guest } from '../separate/kvm.js';

const recordStealTime: KernelPrograms['recordStealTime'] = (kernel) =>
  function* (cpu) {
    if (kernel.preempted === undefined) return;
    const flags = yield* cpu.load(kernel.preempted(cpu.id));
    yield* cpu.store(kernel.preempted(cpu.id), 0);
    if ((flags & StealTime.flushTlb) !== 0) yield* cpu.invvpid();
    if (kernel.hooks.vmEntry !== undefined) yield* cpu.call(kernel.hooks.vmEntry);
  };

export const z13: SeparateEntry = {
  id: 'Z13',
  title: 'the host overwrites the flag that asks it for a flush',
  source: 'KVM, CVE-2019-3016, repaired in Linux 5.6',
  story:
    'The guest asks the host to flush a virtual CPU that does not run, and sends it no interrupt. The host reads the flags and clears them in two steps; a request in between is lost, and the CPU runs with its old entries. The repair exchanges them.',
  memory: 'sc',
  kind: 'separate',
  seams: ['recordStealTime'],
  cpus: 2,
  actions: {},
  machine: (variant, memory) => guest(variant === 'buggy' ? { recordStealTime } : {}, fixed, memory),
};
