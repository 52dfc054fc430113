import { scenarioAssumptions } from '../scenario-assumptions.js';
import type { Scenario } from '../scenario.js';

/** Every possible target sleeps and still has the mm loaded: a flush that frees no table leaves lazy CPUs alone. */
export const lazy: Scenario = {
  schemaVersion: 1,
  name: 'lazy',
  title: 'madvise beside lazy CPUs',
  summary: 'As madvise, but the other threads sleep and their CPUs idle with the mm loaded, in lazy TLB mode.',
  references: ['Linux 5.1 arch/x86/mm/tlb.c, enter_lazy_tlb and tlb_is_not_lazy'],
  operation: 'madvise',
  pages: 1,
  initiators: 1,
  initiatorRunsMm: true,
  bystanders: 'lazy',
  touch: 'write',
  timed: { iterations: 2000, warmUp: 100 },
  assumptions: scenarioAssumptions,
  choices: ['The other threads sleep during the whole run.'],
};

/** Every possible target sleeps deeply and has left mm_cpumask: nobody is to be interrupted. */
export const idle: Scenario = {
  ...lazy,
  name: 'idle',
  title: 'madvise beside deeply idle CPUs',
  summary: 'As madvise, but the other threads sleep and their CPUs have left the mm for deep idle.',
  references: ['Linux 5.1 arch/x86/mm/tlb.c, leave_mm'],
  bystanders: 'idle',
};
