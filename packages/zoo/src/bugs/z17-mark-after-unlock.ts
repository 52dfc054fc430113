import { isPresent, pteTarget } from '@shootdown/core';
import type { MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const tryToUnmapOne: MmPrograms['tryToUnmapOne'] = (mm) =>
  function* (cpu, space, page, batch) {
    const lock = mm.spaces.pageTableLock(space);
    yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
    const entry = yield* cpu.exchange(mm.tables.pte(space, page), 0);
    if (!isPresent(entry)) {
      yield* cpu.store(lock, 0);
      return 0;
    }
    const gathered = yield* cpu.load(mm.batches.count(batch));
    yield* cpu.store(mm.batches.frame(batch, gathered), pteTarget(entry));
    yield* cpu.store(mm.batches.count(batch), gathered + 1);
    yield* cpu.markCover(space, page, 1);
    yield* cpu.store(lock, 0);
    yield* mm.steps.setFlushPending(mm, cpu, space);
    return 1;
  };

export const z17: SeamEntry = {
  id: 'Z17',
  title: 'the mark of a pending flush comes after the page-table lock is dropped',
  source: 'Linux 16af97dc5a89 (tlb_flush_pending, the ordering half)',
  story:
    'Who changes entries has to announce its flush before anybody can see the change. Here the next holder of the lock finds the entry gone and no flush pending. The other half of that commit, a bool with two setters, needs three initiators.',
  memory: 'sc',
  kind: 'seam',
  seams: ['tryToUnmapOne'],
  shipped: 'fixed',
  replacement: { programs: { tryToUnmapOne } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim-protect', initiators: 2 }),
};
