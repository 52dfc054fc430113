import { type KernelCpu, makePte, type Program, Pte } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { type Body, flushing, separate, shootdown } from '../separate/small-machine.js';

const SOURCE = { mm: 0, page: 0 } as const;
const TARGET = { mm: 0, page: 1 } as const;

const fixed = function* (cpu: KernelCpu, flush: Body, unlock: Body): Program {
  yield* flush(cpu);
  yield* unlock(cpu);
};

const buggy = function* (cpu: KernelCpu, flush: Body, unlock: Body): Program {
  yield* unlock(cpu);
  yield* flush(cpu);
};

export const z7: SeparateEntry = separate({
  id: 'Z7',
  title: 'mremap drops the lock of the new place before it flushes the old one',
  source: 'Linux eb66ae030829, CVE-2018-18281',
  story:
    'The entry has moved and the lock is free; another thread unmaps the page at its new place and gives it back. The entry of the old place is still cached and leads to the freed page. Flush before the lock is dropped.',
  memory: 'sc',
  build(small, variant) {
    const frame = small.frame(0, 0);
    const lock = small.word('page_table_lock');
    const source = small.leaf(0, SOURCE.page);
    const target = small.leaf(0, TARGET.page);
    const flush = shootdown(small, 1, SOURCE.page);
    small.boot.memory.initial(target, 0);
    const unlock: Body = function* (cpu) {
      yield* cpu.store(lock, 0);
    };
    small.thread('mremap', 0, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
      yield* cpu.exchange(source, 0);
      yield* cpu.store(target, makePte(frame, Pte.writable));
      yield* (variant === 'buggy' ? buggy : fixed)(cpu, (it) => flushing(it, 'unmap', SOURCE, flush), unlock);
    });
    small.thread('munmap', 1, { mm: 0, user: true }, function* (cpu) {
      yield* cpu.userLoad(SOURCE.page);
      yield* cpu.enterKernel();
      yield* cpu.waitUntil(target, 'anyBitSet', Pte.present);
      yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
      yield* cpu.exchange(target, 0);
      yield* flushing(cpu, 'unmap', TARGET, function* (it) {
        yield* it.invlpg(TARGET.page);
      });
      yield* unlock(cpu);
      yield* cpu.setFrameOwner(frame, -1);
      yield* cpu.returnToUser();
      yield* cpu.userLoad(SOURCE.page);
    });
  },
});
