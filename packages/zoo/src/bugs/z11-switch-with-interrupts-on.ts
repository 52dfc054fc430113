import { spend } from '@shootdown/core';
import type { KernelPrograms } from '@shootdown/kernel';
import { INIT_MM } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const contextSwitch: KernelPrograms['contextSwitch'] = (kernel) =>
  function* (cpu, thread, mm) {
    yield* spend(cpu, kernel.costs.schedulerSwitchCycles);
    if (mm === INIT_MM) yield* cpu.call(kernel.mm.programs.enterLazyTlb);
    else yield* cpu.call(kernel.mm.programs.switchMm, mm);
    yield* cpu.store(kernel.currentMm(cpu.id), mm);
    if (kernel.runQueue !== undefined) yield* cpu.store(kernel.runQueue.current(cpu.id), thread);
    yield* cpu.switchTo(thread);
  };

export const z11: SeamEntry = {
  id: 'Z11',
  title: 'a flush interrupt in the middle of a switch',
  source: 'Linux 38cf307c1f20 (2020, kthread_use_mm)',
  story:
    'The handler decides by software state which context it has to flush. With interrupts on it runs while that state and CR3 do not agree: it flushes nothing, acknowledges, and then the switch completes with the old entries.',
  memory: 'sc',
  kind: 'seam',
  seams: ['contextSwitch'],
  shipped: 'fixed',
  replacement: { programs: { contextSwitch } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim', targets: 'switching' }),
};
