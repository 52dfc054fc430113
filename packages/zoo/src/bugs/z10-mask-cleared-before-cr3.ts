import { maskBit, maskWord } from '@shootdown/core';
import { INIT_MM, type MmSteps, SWITCHING } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const switchContext: MmSteps['switchContext'] = function* (mm, cpu, previous, next) {
  const { tlbState, options } = mm;
  const early = options.switchOrder === 'switchingFirst';
  if (early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  if (next !== INIT_MM) yield* cpu.setBits(maskWord(mm.spaces.cpuMask(next), cpu.id), maskBit(cpu.id));
  const newest = yield* cpu.load(mm.spaces.generation(next));
  const chosen = yield* mm.steps.chooseNewAsid(mm, cpu, next, newest);
  if (!early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  yield* mm.steps.loadCr3(mm, cpu, next, chosen >> 1, newest, (chosen & 1) === 1);
  if (previous !== INIT_MM) yield* cpu.clearBits(maskWord(mm.spaces.cpuMask(previous), cpu.id), maskBit(cpu.id));
};

export const z10: SeamEntry = {
  id: 'Z10',
  title: 'switch_mm clears its bit of the previous mm before CR3 is written',
  source: 'Linux 831d52bc1539 (2011); switch_mm_irqs_off of Linux 5.4 clears it first again',
  story:
    'Until CR3 is written the CPU walks the page tables of the previous mm by speculation, and no IPI comes any more. tlb_gen catches entries that were kept. It does not catch the walk itself: a munmap in the window frees a table that the paging-structure cache still leads to. The repair clears the bit after the switch.',
  memory: 'sc',
  kind: 'seam',
  seams: ['switchContext'],
  shipped: 'buggy',
  replacement: { steps: { switchContext } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'free-table', targets: 'switching', walker: 'saturated' }),
};
