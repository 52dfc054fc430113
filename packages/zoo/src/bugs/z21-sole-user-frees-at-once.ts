import type { MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const tlbFinishMmu: MmPrograms['tlbFinishMmu'] = (mm) =>
  function* (cpu, kind, space, firstPage, pageCount, batch) {
    const others = yield* cpu.nextSetBit(mm.spaces.cpuMask(space), cpu.id + 1);
    if (others < 0) yield* cpu.call(mm.port.release ?? mm.programs.freeBatch, batch);
    yield* cpu.call(mm.port.flush, kind, space, firstPage, pageCount);
    if (others >= 0) yield* cpu.call(mm.port.release ?? mm.programs.freeBatch, batch);
  };

export const z21: SeamEntry = {
  id: 'Z21',
  title: 'the only user of an mm frees its tables at once',
  source: 's390 and RCU table freeing: generic code frees immediately when mm_users is below 2',
  story:
    'Nobody else runs the mm, so the table is freed without waiting for the flush. The CPU itself still walks it by speculation, through the paging-structure cache.',
  memory: 'sc',
  kind: 'seam',
  seams: ['tlbFinishMmu'],
  shipped: 'fixed',
  replacement: { programs: { tlbFinishMmu } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'free-table', cpus: 1, walker: 'saturated' }),
};
