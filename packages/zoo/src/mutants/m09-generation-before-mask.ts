import { maskBit, maskWord } from '@shootdown/core';
import { INIT_MM, type MmSteps, SWITCHING } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const switchContext: MmSteps['switchContext'] = function* (mm, cpu, previous, next) {
  const { tlbState, options } = mm;
  const early = options.switchOrder === 'switchingFirst';
  if (early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  if (previous !== INIT_MM) yield* cpu.clearBits(maskWord(mm.spaces.cpuMask(previous), cpu.id), maskBit(cpu.id));
  const newest = yield* cpu.load(mm.spaces.generation(next));
  if (next !== INIT_MM) yield* cpu.setBits(maskWord(mm.spaces.cpuMask(next), cpu.id), maskBit(cpu.id));
  const chosen = yield* mm.steps.chooseNewAsid(mm, cpu, next, newest);
  if (!early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  yield* mm.steps.loadCr3(mm, cpu, next, chosen >> 1, newest, (chosen & 1) === 1);
};

export const m9: SeamEntry = {
  id: 'M9',
  title: 'switch_mm reads tlb_gen before it sets its bit in mm_cpumask',
  source: 'Linux arch/x86/mm/tlb.c, switch_mm_irqs_off ("Start remote flushes and then read tlb_gen")',
  story:
    'A flush that is counted between the two sees no bit and sends nothing, and the CPU takes the old generation for the newest: it goes on with the entries that it kept under the PCID.',
  memory: 'sc',
  kind: 'seam',
  seams: ['switchContext'],
  shipped: 'fixed',
  replacement: { steps: { switchContext } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim', targets: 'switching' }),
};
