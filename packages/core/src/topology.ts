import { ShootdownError } from './errors.js';
import { MAX_CPUS } from './profile/check-profile.js';
import { cpuCountOf, type TopologyShape } from './profile/profile.js';

/**
 * How far apart two CPUs are: 0 the same CPU, 1 hyper-threads of one core, 2 cores of one complex, 3 complexes of one socket,
 * 4 sockets. Cost tables are indexed by it.
 */
export type DistanceClass = 0 | 1 | 2 | 3 | 4;
/** Number of distance classes. */
export const DISTANCE_CLASSES = 5;

/** CPUs that one ICR write in x2APIC logical mode can reach: the one-hot low half of the destination. */
export const X2APIC_CLUSTER_SIZE = 16;
/** A four-bit field of the x2APIC id becomes the one-hot mask; the bits above it are the cluster. */
const CLUSTER_SHIFT = 4;

/**
 * The places of the logical CPUs of a symmetric machine. CPU numbers follow Linux on most x86 servers: first the first hyper-thread of
 * every core, core by core and socket by socket, then the second hyper-thread of every core in the same order.
 *
 * An x2APIC id is made of one bit field per level, each just wide enough for its level (SDM vol. 3A, "Hierarchical mapping of shared
 * resources"), so the highest bit in which two ids differ names the level that separates them.
 */
export class Topology {
  readonly shape: TopologyShape;
  readonly cpuCount: number;
  private readonly ids: Int32Array;
  private readonly classByBitLength: readonly DistanceClass[];
  /** Per distance class: the low bits in which the ids of CPUs within it may differ. */
  private readonly bitsWithin: readonly number[];

  /** @throws ShootdownError INVALID_PROFILE when a level is no positive integer or there are more than `MAX_CPUS` CPUs. */
  constructor(shape: TopologyShape) {
    checkShape(shape);
    this.shape = shape;
    this.cpuCount = cpuCountOf(shape);
    const threadBits = fieldBits(shape.threadsPerCore);
    const coreBits = threadBits + fieldBits(shape.coresPerComplex);
    const complexBits = coreBits + fieldBits(shape.complexesPerSocket);
    this.ids = Int32Array.from({ length: this.cpuCount }, (_, cpu) => {
      const { thread, core, complex, socket } = placeOf(shape, cpu);
      return thread | (core << threadBits) | (complex << coreBits) | (socket << complexBits);
    });
    this.bitsWithin = [0, threadBits, coreBits, complexBits, 31];
    this.classByBitLength = Array.from({ length: 33 }, (_, bits) => {
      if (bits === 0) return 0;
      if (bits <= threadBits) return 1;
      if (bits <= coreBits) return 2;
      return bits <= complexBits ? 3 : 4;
    });
  }

  /** The distance class of two CPUs; symmetric. */
  distance(a: number, b: number): DistanceClass {
    const difference = (this.ids[a] as number) ^ (this.ids[b] as number);
    return this.classByBitLength[32 - Math.clz32(difference)] as DistanceClass;
  }

  /** The same number for just those CPUs that are within this distance of each other. */
  group(cpu: number, distance: DistanceClass): number {
    return (this.ids[cpu] as number) >> (this.bitsWithin[distance] as number);
  }

  /** The x2APIC id of a CPU. Ids are sparse where a level is no power of two. */
  x2apicId(cpu: number): number {
    return this.ids[cpu] as number;
  }

  /**
   * The cluster that a CPU is addressed in by an x2APIC logical destination: bits 19:4 of its x2APIC id (SDM vol. 3A, "Deriving logical
   * x2APIC ID from the local x2APIC ID"). At most `X2APIC_CLUSTER_SIZE` CPUs share one; fewer where ids are sparse.
   */
  x2apicCluster(cpu: number): number {
    return (this.ids[cpu] as number) >> CLUSTER_SHIFT;
  }

  /** The CPU's one bit in the low half of an x2APIC logical destination. */
  x2apicClusterBit(cpu: number): number {
    return 1 << ((this.ids[cpu] as number) & (X2APIC_CLUSTER_SIZE - 1));
  }
}

/** Where a CPU sits: its hyper-thread, its core within the complex, its complex within the socket, its socket. */
function placeOf(shape: TopologyShape, cpu: number): { thread: number; core: number; complex: number; socket: number } {
  const { sockets, complexesPerSocket, coresPerComplex } = shape;
  const complexIndex = Math.floor(cpu / coresPerComplex);
  const socketIndex = Math.floor(complexIndex / complexesPerSocket);
  return {
    core: cpu % coresPerComplex,
    complex: complexIndex % complexesPerSocket,
    socket: socketIndex % sockets,
    thread: Math.floor(socketIndex / sockets),
  };
}

/** Bits that hold the numbers 0 to `count` − 1. */
function fieldBits(count: number): number {
  return 32 - Math.clz32(count - 1);
}

function checkShape(shape: TopologyShape): void {
  for (const [level, count] of Object.entries(shape)) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new ShootdownError(
      'INVALID_PROFILE',
      `Topology, ${level}: ${count} is no number of parts; give a positive integer.`,
    );
  }
  const cpus = cpuCountOf(shape);
  if (cpus <= MAX_CPUS) return;
  throw new ShootdownError(
    'INVALID_PROFILE',
    `Topology has ${cpus} CPUs; the model is built for at most ${MAX_CPUS}, so use fewer.`,
  );
}
