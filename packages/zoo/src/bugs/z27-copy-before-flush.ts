import { makePte, Pte } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { actsOnClearedEntry, ORDERS } from '../separate/acting-on-a-cleared-entry.js';
import { separate } from '../separate/small-machine.js';

const COPY = 3;

export const z27: SeparateEntry = separate({
  id: 'Z27',
  title: 'copy-on-write copies a page that is still written',
  source: 'Linux 6ce64428d620 (userfaultfd write protection)',
  story:
    'Write permission goes under the read lock and the flush is deferred. A fault breaks the sharing meanwhile: it copies the page, on which a remote CPU still writes through its old entry. That store is lost.',
  memory: 'sc',
  build(small, variant) {
    const pte = small.leaf(0, 0);
    const racers = {
      *change(cpu) {
        yield* cpu.clearBits(pte, Pte.writable);
      },
      *react(cpu) {
        if (yield* cpu.test(pte, 'anyBitSet', Pte.writable)) return;
        yield* cpu.markRely(0, 0, 1);
        yield* cpu.setFrameOwner(COPY, 0);
        yield* cpu.store(pte, makePte(COPY, Pte.writable));
      },
    } satisfies Parameters<typeof actsOnClearedEntry>[1];
    actsOnClearedEntry(small, racers, ORDERS[variant]);
  },
});
