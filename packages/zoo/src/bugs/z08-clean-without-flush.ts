import { Pte } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { actsOnClearedEntry, ORDERS } from '../separate/acting-on-a-cleared-entry.js';
import { separate } from '../separate/small-machine.js';

export const z8: SeparateEntry = separate({
  id: 'Z8',
  title: 'page_mkclean finds no entry and takes the page for clean',
  source: 'Linux 1cf35d47712d (2014)',
  story:
    'Unmapping clears a dirty entry, drops the lock and flushes later. Writeback comes in between, sees no entry, and declares the page clean; a remote CPU writes it afterwards. The repair flushes dirty entries under the lock.',
  memory: 'sc',
  build(small, variant) {
    const pte = small.leaf(0, 0);
    const racers = {
      *change(cpu) {
        yield* cpu.exchange(pte, 0);
      },
      *react(cpu) {
        if (yield* cpu.test(pte, 'anyBitSet', Pte.present)) yield* cpu.clearBits(pte, Pte.writable | Pte.dirty);
        else yield* cpu.markRely(0, 0, 1);
      },
    } satisfies Parameters<typeof actsOnClearedEntry>[1];
    actsOnClearedEntry(small, racers, ORDERS[variant]);
  },
});
