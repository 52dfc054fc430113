import { scenarioAssumptions } from '../scenario-assumptions.js';
import type { Scenario } from '../scenario.js';

/** Taking write permission away: the page stays mapped and nothing is freed. */
export const mprotect: Scenario = {
  schemaVersion: 1,
  name: 'mprotect',
  title: 'mprotect(PROT_READ)',
  summary: 'One thread takes write permission from a page it has written; the others busy-wait in user mode.',
  references: ['Linux 5.1 mm/mprotect.c, change_protection'],
  operation: 'mprotect',
  pages: 1,
  initiators: 1,
  initiatorRunsMm: true,
  bystanders: 'busy',
  touch: 'none',
  timed: { iterations: 2000, warmUp: 100 },
  explored: { cpus: 2, flushes: 1, nmis: 0, access: 'write' },
  assumptions: scenarioAssumptions,
  choices: ['Write permission is given back between iterations, outside the measured time.'],
};
