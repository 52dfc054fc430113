import { scenarioAssumptions } from '../scenario-assumptions.js';
import type { Scenario } from '../scenario.js';

/** Unmapping that frees page tables: no strategy may let a walker meet a freed table, so early acknowledgement is off here. */
export const munmap: Scenario = {
  schemaVersion: 1,
  name: 'munmap',
  title: 'munmap with freed page tables',
  summary: 'One thread unmaps a mapping that fills its page table alone, so the table is freed; the others busy-wait.',
  references: [
    'Linux 5.1 mm/memory.c, free_pgtables, and asm-generic/tlb.h, freed_tables',
    'Message-ID 20190531063645.4697-12-namit@vmware.com (RFC v2 patch 11: freed tables stay synchronous)',
  ],
  operation: 'munmap',
  pages: 1,
  initiators: 1,
  initiatorRunsMm: true,
  bystanders: 'busy',
  touch: 'none',
  timed: { iterations: 2000, warmUp: 100 },
  explored: { cpus: 2, flushes: 1, nmis: 0, access: 'read' },
  assumptions: scenarioAssumptions,
  choices: ['The mapping and its table are made again between iterations, outside the measured time.'],
};
