import type { MmPrograms } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const tlbFinishMmu: MmPrograms['tlbFinishMmu'] = (mm) =>
  function* (cpu, kind, space, firstPage, pageCount, batch) {
    yield* cpu.call(mm.port.release ?? mm.programs.freeBatch, batch);
    yield* cpu.call(mm.port.flush, kind, space, firstPage, pageCount);
  };

export const m12: SeamEntry = {
  id: 'M12',
  title: 'pages go back to the allocator before the flush',
  source: 'Linux include/asm-generic/tlb.h (unhook, invalidate, free, in this order)',
  story: 'Another CPU still uses the page through its TLB while the frame is free, and then belongs to somebody else.',
  memory: 'sc',
  kind: 'seam',
  seams: ['tlbFinishMmu'],
  shipped: 'fixed',
  replacement: { programs: { tlbFinishMmu } },
  strategy: sync,
  options: {},
  cell: cellOf({}),
};
