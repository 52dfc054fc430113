import { type MachineProfile, type MachineShape, tablesPerSpace, X2APIC_CLUSTER_SIZE } from '@shootdown/core';

/** What a workload needs of the machine beyond its profile. */
export interface WorkloadSize {
  readonly cpuCount: number;
  readonly virtualPages: number;
  readonly frames: number;
  /** Address spaces with page tables of their own. */
  readonly spaces: number;
  /** Table pages beyond one set per address space, for scenarios that free and rebuild tables. */
  readonly spareTables: number;
}

/** Dynamic ASIDs per CPU: `TLB_NR_DYN_ASIDS` (arch/x86/include/asm/tlbflush.h, Linux 5.1). */
const LINUX_ASIDS = 6;
/** CPUs in an xAPIC flat-mode destination (SDM vol. 3 §11.6.2.2). */
const XAPIC_FLAT_CPUS = 8;

/**
 * The machine of a profile, as large as the workload needs: x86-64 page tables of four levels. Every process can have a
 * global ASID, as Linux has some thousand of them.
 */
export function shapeOf(profile: MachineProfile, size: WorkloadSize): MachineShape {
  const { features } = profile;
  const shape: MachineShape = {
    cpuCount: size.cpuCount,
    virtualPages: size.virtualPages,
    levels: 4,
    levelBits: 9,
    tables: 0,
    frames: size.frames,
    asids: LINUX_ASIDS,
    pcid: features.pcid,
    pti: features.pti,
    invpcid: features.invpcid,
    storeBufferDepth: profile.storeBufferDepth,
    clusterSize: clusterSize(profile),
    icrWriteDrainsStores: features.icrWriteDrainsStores,
    ...(profile.broadcast === undefined ? {} : { broadcast: { ...profile.broadcast, globalAsids: size.spaces } }),
  };
  return { ...shape, tables: size.spaces * tablesPerSpace(shape) + size.spareTables };
}

function clusterSize({ features }: MachineProfile): number {
  if (features.apic === 'x2apic-physical') return 1;
  return features.apic === 'x2apic-cluster' ? X2APIC_CLUSTER_SIZE : XAPIC_FLAT_CPUS;
}
