import { makePte, Pte } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { actsOnClearedEntry, ORDERS } from '../separate/acting-on-a-cleared-entry.js';
import { separate } from '../separate/small-machine.js';

/** A frame that nobody owns at first. */
const FREE_FRAME = 3;

export const z6: SeparateEntry = separate({
  id: 'Z6',
  title: 'a page is migrated before the change of its entry was flushed',
  source: 'Linux 20841405940e (2013, change_protection and NUMA migration)',
  story:
    'One CPU takes the entry away and flushes later. Another one faults on it, moves the page to a new frame and gives the old one back; a third still writes the old frame. The repair made a pending flush count as an entry that is still in use.',
  memory: 'sc',
  build(small, variant) {
    const pte = small.leaf(0, 0);
    const racers = {
      *change(cpu) {
        yield* cpu.exchange(pte, 0);
      },
      *react(cpu) {
        if (!(yield* cpu.test(pte, 'equal', 0))) return;
        yield* cpu.setFrameOwner(FREE_FRAME, 0);
        yield* cpu.store(pte, makePte(FREE_FRAME, Pte.writable));
        yield* cpu.setFrameOwner(0, -1);
      },
    } satisfies Parameters<typeof actsOnClearedEntry>[1];
    actsOnClearedEntry(small, racers, ORDERS[variant]);
  },
});
