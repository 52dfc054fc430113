/** One statement of the safety contract. */
export interface Contract {
  readonly title: string;
  /** What must hold, for a flush of (mm, pages) called at c with its guarantee at r. */
  readonly statement: string;
  /** Where the statement comes from. */
  readonly source: string;
}

export type ContractId = 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6' | 'C7' | 'C8' | 'C9' | 'C10';

/** The contract. Monitors judge all but C6, a property of whole runs, which the drivers judge. */
export const CONTRACTS: Readonly<Record<ContractId, Contract>> = {
  C1: {
    title: 'no stale use',
    statement:
      'After r no access uses a translation that the flush revoked (used), and no CPU that still owes its invalidation executes user code of the mm or a kernel access to it (exposed). No access reaches a frame that its mm has given back (released).',
    source:
      'A. Lutomirski on LKML, May 2019, reviewing "x86/mm/tlb: Flush remote and local TLBs concurrently", patch 11 of 12',
  },
  C2: {
    title: 'effects visible',
    statement:
      'Every store made through a revoked translation has left its store buffer before r, and before its frame goes back to the allocator.',
    source: 'the same review; Intel SDM vol. 3 §9.2 (store buffers)',
  },
  C3: {
    title: 'no walk into a freed table',
    statement: 'No walk, speculative ones included, reads a table page after it went back to the allocator.',
    source: 'N. Amit, the same series, condition 1; Intel SDM vol. 3 §4.10.2.3 (speculative walks)',
  },
  C4: {
    title: 'no stale fill after the flush',
    statement: 'What a CPU caches after its invalidation does not come from entries that were overwritten before c.',
    source: 'Linux 831d52bc1539 (mask bit cleared before CR3 was written); Xen XSA-292',
  },
  C5: {
    title: 'context identity',
    statement: 'No entry of a PCID is used for another mm than the one that filled it.',
    source: 'Linux 4012e77a903d; Intel SDM vol. 3 §4.10.1 (PCID)',
  },
  C6: {
    title: 'progress',
    statement:
      'The flush returns when interrupts are delivered fairly: no CPU waits with interrupts off for one that waits for it.',
    source: 'Linux kernel/smp.c, the warning of smp_call_function_many about disabled interrupts',
  },
  C7: {
    title: 'dirty completeness',
    statement:
      'After a page was declared clean, no store reaches it through an entry that lets the hardware skip setting its D flag.',
    source: 'A. Lutomirski on LKML, May 2019 (when is a D flag observable); Intel SDM vol. 3 §4.8',
  },
  C8: {
    title: 'memory lifetime',
    statement: 'A request, csd or stack record is touched only by the CPU that owns it at that time.',
    source: 'Linux kernel/smp.c, csd_lock and csd_unlock',
  },
  C9: {
    title: 'no speculative device load',
    statement:
      'After r no load, speculative ones included, reads through a revoked translation memory that has become a device’s.',
    source: 'J. Horn on LKML, May 2019, in the same review (physical ranges that are handed to a device)',
  },
  C10: {
    title: 'generation invariant',
    statement:
      'A context whose tlb_gen says g has flushed everything up to generation g, and g is not ahead of its mm.',
    source: 'Linux arch/x86/mm/tlb.c, comments in flush_tlb_func_common',
  },
};
