import type { KernelCpu, Program } from '@shootdown/core';
import type { Variant } from '../entry.js';
import { type Body, flushing, shootdown, type SmallMachine } from './small-machine.js';

/** What the first CPU takes away, and what the second one does because it is away. Both run under the page-table lock. */
export interface Racers {
  /** CPU 0: changes the entry. */
  readonly change: Body;
  /** CPU 1: sees the change and acts on it. */
  readonly react: Body;
}

/**
 * CPU 0 changes the entry of page 0 under the page-table lock and flushes. CPU 1 has written the page; in the kernel it takes the
 * lock, reacts, and writes the page again. `inOrder` says how CPU 0 orders flush and unlock.
 */
export function actsOnClearedEntry(
  small: SmallMachine,
  racers: Racers,
  inOrder: (cpu: KernelCpu, flush: Body, unlock: Body) => Program,
): void {
  const lock = small.word('page_table_lock');
  const flush = shootdown(small, 1, 0);
  const unlock: Body = function* (cpu) {
    yield* cpu.store(lock, 0);
  };
  small.thread('initiator', 0, { mm: 0, user: false }, function* (cpu) {
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    yield* racers.change(cpu);
    yield* inOrder(cpu, (it) => flushing(it, 'unmap', { mm: 0, page: 0 }, flush), unlock);
  });
  small.thread('second', 1, { mm: 0, user: true }, function* (cpu) {
    yield* cpu.userStore(0, 1);
    yield* cpu.enterKernel();
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    yield* racers.react(cpu);
    yield* unlock(cpu);
    yield* cpu.returnToUser();
    yield* cpu.userStore(0, 2);
  });
}

/** Flush under the lock: nobody sees the change before it is true everywhere. */
const fixed = function* (cpu: KernelCpu, flush: Body, unlock: Body): Program {
  yield* flush(cpu);
  yield* unlock(cpu);
};

const buggy = function* (cpu: KernelCpu, flush: Body, unlock: Body): Program {
  yield* unlock(cpu);
  yield* flush(cpu);
};

/** The two orders. */
export const ORDERS: Readonly<Record<Variant, typeof fixed>> = { buggy, fixed };
