import { FLUSH_KINDS, Pte } from '@shootdown/core';
import type { MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const CLEAN_DIRTY = FLUSH_KINDS.indexOf('cleanDirty');

const changeProtection: MmPrograms['changeProtection'] = (mm) =>
  function* (cpu, kind, space, firstPage, pageCount) {
    const bits = kind === CLEAN_DIRTY ? Pte.writable | Pte.dirty : Pte.writable;
    const lock = mm.spaces.pageTableLock(space);
    yield* cpu.disableInterrupts();
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    yield* cpu.call(mm.programs.flushBatchedPending, space);
    let changed = 0;
    for (let page = firstPage; page < firstPage + pageCount; page++) {
      const pte = mm.tables.pte(space, page);
      if (!(yield* cpu.test(pte, 'anyBitSet', Pte.present))) continue;
      yield* cpu.clearBits(pte, bits);
      changed++;
    }
    if (changed > 0) yield* cpu.call(mm.port.flush, kind, space, firstPage, pageCount);
    else yield* cpu.markRely(space, firstPage, pageCount);
    yield* cpu.store(lock, 0);
    yield* cpu.enableInterrupts();
    yield* cpu.markRelease();
  };

export const z16: SeamEntry = {
  id: 'Z16',
  title: 'a lock is awaited with interrupts off while its holder shoots down',
  source: 'Linux parisc 08dc2ca61e68',
  story:
    'One CPU holds the page-table lock and waits for the acknowledgement of another one, which spins for that lock with interrupts off.',
  memory: 'sc',
  kind: 'seam',
  seams: ['changeProtection'],
  shipped: 'fixed',
  replacement: { programs: { changeProtection } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'protect', initiators: 2 }),
};
