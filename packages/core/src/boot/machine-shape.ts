/** AMD's broadcast invalidation, INVLPGB and TLBSYNC (APM vol. 3). */
export interface BroadcastShape {
  /** INVLPGBs of one CPU that may be under way at once; one more waits for room. */
  readonly outstanding: number;
  /** Pages that one INVLPGB can name (CPUID Fn8000_0008 EDX[15:0] + 1; Linux: `invlpgb_count_max`). */
  readonly pagesPerInvlpgb: number;
  /** ASIDs beyond the per-CPU ones: an mm that has one uses it on every CPU. */
  readonly globalAsids: number;
}

/**
 * The size and features of the modelled multiprocessor: everything about it that has no duration.
 * The simulator takes them from a machine profile, the checker from its small check-time constants.
 */
export interface MachineShape {
  readonly cpuCount: number;
  /** Virtual pages of every address space (one 4 KiB page each). */
  readonly virtualPages: number;
  /** Levels of page tables; 4 on x86-64 (SDM 4.5), 2 is the check-time constant. */
  readonly levels: number;
  /** log2 of the entries of one table page; 9 on x86-64. */
  readonly levelBits: number;
  /** Table pages in the pool, roots included. */
  readonly tables: number;
  /** Physical frames in the pool. */
  readonly frames: number;
  /** Dynamic address-space identifiers per CPU; `TLB_NR_DYN_ASIDS` is 6 in Linux 5.1. */
  readonly asids: number;
  /** PCID hardware (SDM 4.10.1); without it every CR3 write that does not keep drops all non-global entries. */
  readonly pcid: boolean;
  /** Page-table isolation: user mode runs on a PCID of its own. */
  readonly pti: boolean;
  /** INVPCID hardware. */
  readonly invpcid: boolean;
  /** Entries of a store buffer. */
  readonly storeBufferDepth: number;
  /** CPUs that one ICR write reaches: 8 in xAPIC flat mode, 16 per x2APIC cluster, 1 in physical mode (SDM vol. 3 §11.6.2). */
  readonly clusterSize: number;
  /** An ICR write waits for the store buffer (xAPIC MMIO is uncached and ordered; an x2APIC WRMSR is not serialising). */
  readonly icrWriteDrainsStores: boolean;
  /** Absent: the machine has no INVLPGB. */
  readonly broadcast?: BroadcastShape;
  /** The CPUs are virtual: the host may take the physical CPU away from one at any instruction, and gives it back. Default false. */
  readonly virtual?: boolean;
}

/** ASIDs that a CPU can load: its own dynamic ones, then the global ones. */
export function asidCount(shape: MachineShape): number {
  return shape.asids + (shape.broadcast?.globalAsids ?? 0);
}

/** Tags that a TLB entry can carry: kernel and, under PTI, user PCID of every ASID. */
export function pcidCount(shape: MachineShape): number {
  return (shape.pcid ? asidCount(shape) : 1) * (shape.pti ? 2 : 1);
}

/** Table pages that map `virtualPages` of one address space, the root included. */
export function tablesPerSpace(shape: MachineShape): number {
  let total = 0;
  for (let level = 0; level < shape.levels; level++) {
    total += level === shape.levels - 1 ? 1 : Math.ceil(shape.virtualPages / 2 ** (shape.levelBits * (level + 1)));
  }
  return total;
}
