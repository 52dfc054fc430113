import type { KernelCpu, Program } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { type Body, separate, shootdown } from '../separate/small-machine.js';

/** Tag of mm 0 on every CPU. mm 1 has a tag per CPU. */
const GLOBAL_ASID = 1;

/** Wait for the broadcast, and interrupt the CPUs of the mms that are not flushed by broadcast. */
const fixed = function* (cpu: KernelCpu, interruptOthers: Body): Program {
  yield* interruptOthers(cpu);
  yield* cpu.tlbsync();
};

const buggy = function* (cpu: KernelCpu, _interruptOthers: Body): Program {
  yield* cpu.tlbsync();
};

export const z22: SeparateEntry = separate({
  id: 'Z22',
  title: 'a batch with both kinds of mms is flushed by broadcast only',
  source: 'INVLPGB series (R. van Riel), changes of version 2',
  story:
    'Reclaim has unmapped pages of an mm with a global ASID and of one without. The flush at the end of the batch has to wait for TLBSYNC and to interrupt the CPUs in the batch’s mask.',
  memory: 'sc',
  shape: { pcid: true, asids: 2, broadcast: { outstanding: 1, pagesPerInvlpgb: 2, globalAsids: 0 } },
  build(small, variant) {
    const interruptOthers = shootdown(small, 1, 0);
    small.thread('reclaim', 0, { mm: 0, user: false }, function* (cpu) {
      for (const mm of [0, 1]) {
        yield* cpu.exchange(small.leaf(mm, 0), 0);
        yield* cpu.markCover(mm, 0, 1);
      }
      yield* cpu.markCall('reclaim');
      yield* cpu.invlpgb(GLOBAL_ASID, 0, 1);
      yield* (variant === 'buggy' ? buggy : fixed)(cpu, interruptOthers);
      yield* cpu.markReturn();
    });
    small.user(1, 1, 0);
  },
});
