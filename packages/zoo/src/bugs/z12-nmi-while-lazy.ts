import type { KernelPrograms } from '@shootdown/kernel';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const nmiUaccessOkay: KernelPrograms['nmiUaccessOkay'] = (kernel) =>
  function* (cpu) {
    const { hooks, mm } = kernel;
    if (!(yield* cpu.test(mm.tlbState.loadedMm(cpu.id), 'atLeast', 0))) return 0;
    return hooks.mayAccessUser === undefined ? 1 : yield* cpu.call(hooks.mayAccessUser);
  };

export const z12: SeamEntry = {
  id: 'Z12',
  title: 'an NMI touches user memory although the loaded mm is not the task’s',
  source: 'Linux 4012e77a903d (nmi_uaccess_okay)',
  story:
    'perf walks the user stack in an NMI while a kernel thread runs on a borrowed mm. Flushes skip that CPU, because it touches no user memory.',
  memory: 'sc',
  kind: 'seam',
  seams: ['nmiUaccessOkay'],
  shipped: 'fixed',
  replacement: { programs: { nmiUaccessOkay } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim', targets: 'lazy', nmis: 1 }),
};
