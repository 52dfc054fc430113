import type { KernelCpu, Program } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { flushing, separate } from '../separate/small-machine.js';

const fixed = function* (cpu: KernelCpu): Program {
  yield* cpu.invlpgb(0, 0, 1);
  yield* cpu.tlbsync();
};

const buggy = function* (cpu: KernelCpu): Program {
  yield* cpu.invlpgb(0, 0, 1);
};

export const m14: SeparateEntry = separate({
  id: 'M14',
  title: 'a broadcast invalidation is not waited for',
  source: 'AMD64 Architecture Programmer’s Manual vol. 3, INVLPGB and TLBSYNC',
  story: 'INVLPGB returns when the request is out. Without TLBSYNC nothing says when a CPU has carried it out.',
  memory: 'sc',
  shape: { broadcast: { outstanding: 1, pagesPerInvlpgb: 2, globalAsids: 0 } },
  build(small, variant) {
    small.thread('initiator', 0, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.exchange(small.leaf(0, 0), 0);
      yield* flushing(cpu, 'unmap', { mm: 0, page: 0 }, variant === 'buggy' ? buggy : fixed);
    });
    small.user(1, 0, 0);
  },
});
