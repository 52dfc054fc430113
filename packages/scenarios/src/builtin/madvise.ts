import { scenarioAssumptions } from '../scenario-assumptions.js';
import type { Scenario } from '../scenario.js';

/** The micro-benchmark of the 2019 thread: its cover letters describe it, its source was never posted. */
export const madvise: Scenario = {
  schemaVersion: 1,
  name: 'madvise',
  title: 'madvise(MADV_DONTNEED), then touch',
  summary: 'One thread unmaps a page and touches it again; the other threads of the process busy-wait in user mode.',
  references: [
    'Message-ID 20190525082203.6531-1-namit@vmware.com (RFC v1, cover letter)',
    'Message-ID 20190531063645.4697-1-namit@vmware.com (RFC v2, cover letter)',
  ],
  operation: 'madvise',
  pages: 1,
  initiators: 1,
  initiatorRunsMm: true,
  bystanders: 'busy',
  touch: 'write',
  timed: { iterations: 2000, warmUp: 100 },
  explored: { cpus: 2, flushes: 1, nmis: 0, access: 'write' },
  assumptions: scenarioAssumptions,
  choices: [
    'The messages do not say whether the touch reads or writes; a write is taken, because a read of untouched anonymous memory would map the shared zero page and allocate nothing.',
    'The messages do not say where the threads ran; one thread per CPU is taken, in the order of CPU numbers.',
  ],
};
