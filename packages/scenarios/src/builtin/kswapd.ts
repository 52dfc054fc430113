import { scenarioAssumptions } from '../scenario-assumptions.js';
import type { Scenario } from '../scenario.js';

/** Reclaim by a kernel thread. The author of the 2019 series expected early acknowledgement to gain most here. */
export const kswapd: Scenario = {
  schemaVersion: 1,
  name: 'kswapd',
  title: 'Reclaim batch of kswapd',
  summary:
    'A kernel thread unmaps a batch of pages of a process it has not loaded and flushes once; it has nothing to flush itself.',
  references: [
    'Linux 5.1 mm/rmap.c, try_to_unmap_flush, and arch/x86/mm/tlb.c, arch_tlbbatch_flush',
    'Linux 5.1 include/linux/swap.h, SWAP_CLUSTER_MAX (32 pages)',
    'Message-ID prefix 67BFA611 and B41673A7 (2019 thread: async should gain more without a local flush)',
  ],
  operation: 'reclaim',
  pages: 32,
  initiators: 1,
  initiatorRunsMm: false,
  bystanders: 'busy',
  touch: 'none',
  timed: { iterations: 2000, warmUp: 100 },
  explored: { cpus: 2, flushes: 1, nmis: 0, access: 'write' },
  assumptions: scenarioAssumptions,
  choices: [
    'The batch is as long as one scan of an LRU list, 32 pages; the operation ends with its single full flush.',
    'The pages are mapped again between iterations, outside the measured time.',
  ],
};
