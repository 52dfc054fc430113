import type { Group, KernelCpu, Program } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { separate, type Body } from '../separate/small-machine.js';

/** The interrupt proves that every walker has ended, for it walks with interrupts off. */
const fixed = function* (cpu: KernelCpu, interruptAll: Body, free: Body): Program {
  yield* interruptAll(cpu);
  yield* free(cpu);
};

const buggy = function* (cpu: KernelCpu, _interruptAll: Body, free: Body): Program {
  yield* free(cpu);
};

export const z26: SeparateEntry = separate({
  id: 'Z26',
  title: 'a table is freed under a walker that only has its interrupts off',
  source: 'Linux 2ba99c5e0881 (khugepaged and get_user_pages_fast)',
  story:
    'get_user_pages_fast walks without a lock and with interrupts off: a flush by IPI cannot end before it has. Freeing a table without such an interrupt takes that away. A strategy that sends no IPI, or is acknowledged early, does the same.',
  memory: 'sc',
  build(small, variant) {
    const upper = small.word('pmd', 1);
    const table = small.boot.records('page_table', ['entry'], 1, { wordClass: 'handoff', owner: () => -1 });
    const group: Group = table.group(0);
    const refcount = small.word('refcount', 1);
    const done = small.word('done');
    const vector = small.vector('sync', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.exchange(done, 1);
    });
    const interruptAll: Body = function* (cpu) {
      yield* cpu.sendIpi(1, vector);
      yield* cpu.waitUntil(done, 'equal', 1);
    };
    const free: Body = function* (cpu) {
      yield* cpu.handOver(group, cpu.id).exchange(refcount, 0);
    };
    small.thread('khugepaged', 0, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.exchange(upper, 0);
      yield* (variant === 'buggy' ? buggy : fixed)(cpu, interruptAll, free);
    });
    small.thread('gup', 1, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.disableInterrupts();
      if (yield* cpu.test(upper, 'equal', 1)) yield* cpu.load(table.entry(0));
      yield* cpu.enableInterrupts();
    });
  },
});
