import type { KernelCpu, Program, Vector } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { flushing, separate } from '../separate/small-machine.js';

/** `weak_wrmsr_fence`: the request is visible before the interrupt is sent. */
const fixed = function* (cpu: KernelCpu, vector: Vector): Program {
  yield* cpu.fence();
  yield* cpu.sendIpi(1, vector);
};

const buggy = function* (cpu: KernelCpu, vector: Vector): Program {
  yield* cpu.sendIpi(1, vector);
};

export const z37: SeparateEntry = separate({
  id: 'Z37',
  title: 'the interrupt overtakes the request',
  source: 'Linux 25a068b8e9a4e; Xen, shorthand send (2024)',
  story:
    'An ICR write in x2APIC mode does not wait for the store buffer. The target takes the interrupt, finds no request, and acknowledges. Linux pushes its requests with locked operations, which drain the buffer; a mailbox of plain stores needs the fence.',
  memory: 'tso',
  shape: { icrWriteDrainsStores: false },
  build(small, variant) {
    const request = small.word('request');
    const done = small.word('done');
    const vector = small.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      if (yield* cpu.test(request, 'equal', 1)) yield* cpu.invlpg(0);
      yield* cpu.exchange(done, 1);
    });
    small.thread('initiator', 0, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.exchange(small.leaf(0, 0), 0);
      yield* flushing(cpu, 'unmap', { mm: 0, page: 0 }, function* (it) {
        yield* it.store(request, 1);
        yield* (variant === 'buggy' ? buggy : fixed)(it, vector);
        yield* it.invlpg(0);
        yield* it.waitUntil(done, 'equal', 1);
      });
    });
    small.user(1, 0, 0);
  },
});
