import type { FeatureParameterName, ParameterName } from './parameter-names.js';
import type { Parameter } from './parameter.js';

/** How CPUs are arranged: every socket has the same complexes, every complex the same cores. */
export interface TopologyShape {
  readonly sockets: number;
  /** Groups of cores that share a last-level cache: 1 on a ring or mesh, several on a chiplet processor. */
  readonly complexesPerSocket: number;
  readonly coresPerComplex: number;
  readonly threadsPerCore: number;
}

/**
 * How the kernel drives the local APICs.
 * `xapic-flat`: MMIO, logical destination of 8 bits, one ICR write reaches any set of at most 8 CPUs.
 * `x2apic-cluster`: MSR, one ICR write reaches any set within a cluster of 16 CPUs. `x2apic-physical`: MSR, one ICR write per target.
 */
export type ApicMode = 'xapic-flat' | 'x2apic-cluster' | 'x2apic-physical';

/** Switches of the processor, of its mitigations and of the kernel's configuration. */
export interface MachineFeatures {
  readonly pcid: boolean;
  readonly invpcid: boolean;
  /** Page-table isolation: two address spaces per mm and a CR3 write at each entry and exit. */
  readonly pti: boolean;
  readonly retpoline: boolean;
  readonly apic: ApicMode;
  /** An uncached xAPIC store waits for older stores; a WRMSR to the x2APIC does not (SDM vol. 3A, "x2APIC register access"). */
  readonly icrWriteDrainsStores: boolean;
  /** AMD broadcast invalidation: INVLPGB and TLBSYNC. */
  readonly invlpgb: boolean;
  /** Intel remote action request. */
  readonly rar: boolean;
  /** CPUMASK_OFFSTACK: temporary cpumasks come from the allocator instead of the stack. */
  readonly cpumaskOffstack: boolean;
}

/** How much broadcast invalidation a machine with `features.invlpgb` carries at once; not durations. */
export interface BroadcastLimits {
  /** INVLPGBs of one CPU under way; one more waits. No source gives it. */
  readonly outstanding: number;
  /** Pages that one INVLPGB can name (CPUID Fn8000_0008 EDX[15:0] + 1). */
  readonly pagesPerInvlpgb: number;
}

/** Geometry of the data TLB for 4 KiB pages. Entries are a multiple of ways. */
export interface TlbShape {
  readonly l1Entries: number;
  readonly l1Ways: number;
  readonly stlbEntries: number;
  readonly stlbWays: number;
}

/**
 * A machine the model can be timed on. Profiles are data: everything the simulator charges stands here with its source,
 * its range and the reason, and nothing here comes from an end-to-end result that the simulator is compared with.
 */
export interface MachineProfile {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Why this machine looks like this: one sentence per choice that is not a parameter. */
  readonly hypotheses: readonly string[];
  readonly topology: TopologyShape;
  readonly features: MachineFeatures;
  /** Stores that the store buffer of one core holds. */
  readonly storeBufferDepth: number;
  readonly tlb: TlbShape;
  /** Present exactly with `features.invlpgb`. */
  readonly broadcast?: BroadcastLimits;
  readonly parameters: Readonly<Record<ParameterName, Parameter> & Partial<Record<FeatureParameterName, Parameter>>>;
}

/** The number of logical CPUs of a topology. */
export function cpuCountOf(topology: TopologyShape): number {
  return topology.sockets * topology.complexesPerSocket * topology.coresPerComplex * topology.threadsPerCore;
}
