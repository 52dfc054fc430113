import type { KernelCpu, Program } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { type Body, flushing, separate } from '../separate/small-machine.js';

/** The CPU that has issued the invalidation waits for it before the thread leaves. */
const fixed = function* (cpu: KernelCpu, leaveForOtherCpu: Body): Program {
  yield* cpu.tlbsync();
  yield* leaveForOtherCpu(cpu);
};

const buggy = function* (cpu: KernelCpu, leaveForOtherCpu: Body): Program {
  yield* leaveForOtherCpu(cpu);
};

export const z24: SeparateEntry = separate({
  id: 'Z24',
  title: 'a thread moves to another CPU between the invalidation and the wait for it',
  source: 'FreeBSD on arm64, r355427',
  story:
    'The wait completes the invalidations of the CPU that executes it, TLBSYNC as well as DSB. After a migration it waits for nothing. The repair waits in the context switch.',
  memory: 'sc',
  shape: { broadcast: { outstanding: 1, pagesPerInvlpgb: 2, globalAsids: 0 } },
  build(small, variant) {
    const moved = small.word('moved');
    const waited = small.word('waited');
    const leave: Body = function* (cpu) {
      yield* cpu.store(moved, 1);
      yield* cpu.waitUntil(waited, 'equal', 1);
    };
    small.thread('invalidation', 0, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.exchange(small.leaf(0, 0), 0);
      yield* flushing(cpu, 'unmap', { mm: 0, page: 0 }, function* (it) {
        yield* it.invlpgb(0, 0, 1);
        yield* (variant === 'buggy' ? buggy : fixed)(it, leave);
      });
    });
    small.thread('wait', 1, { mm: 0, user: true }, function* (cpu) {
      yield* cpu.enterKernel();
      yield* cpu.waitUntil(moved, 'equal', 1);
      yield* cpu.tlbsync();
      yield* cpu.store(waited, 1);
      yield* cpu.returnToUser();
      yield* cpu.userLoad(0);
    });
  },
});
