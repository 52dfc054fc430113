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
  if (next !== INIT_MM) {
    const word = maskWord(mm.spaces.cpuMask(next), cpu.id);
    yield* cpu.store(word, (yield* cpu.load(word)) | maskBit(cpu.id));
  }
  const newest = yield* cpu.load(mm.spaces.generation(next));
  const chosen = yield* mm.steps.chooseNewAsid(mm, cpu, next, newest);
  if (!early) yield* cpu.store(tlbState.loadedMm(cpu.id), SWITCHING);
  yield* mm.steps.loadCr3(mm, cpu, next, chosen >> 1, newest, (chosen & 1) === 1);
};

export const z1: SeamEntry = {
  id: 'Z1',
  title: 'switch_mm: the store to mm_cpumask is not ordered before what follows',
  source: 'Linux 71b3c126e611, CVE-2016-2069',
  story:
    'The bit in mm_cpumask is still in the store buffer when the CPU reads what it goes by. The flush has changed that and reads the mask: neither sees the other, no IPI is sent, and old entries are used. The repair documented the barriers and added the missing ones; here the locked operation that sets the bit is one.',
  memory: 'tso',
  kind: 'seam',
  seams: ['switchContext'],
  shipped: 'fixed',
  replacement: { steps: { switchContext } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'free-table', targets: 'switching' }),
};
