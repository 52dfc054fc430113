import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TopologyShape } from '../src/profile/profile.js';
import { Topology, X2APIC_CLUSTER_SIZE } from '../src/topology.js';

const shape = (
  sockets: number,
  complexesPerSocket: number,
  coresPerComplex: number,
  threadsPerCore: number,
): TopologyShape => ({ sockets, complexesPerSocket, coresPerComplex, threadsPerCore });

const shapes = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(1, 2, 3),
  )
  .map(([sockets, complexes, cores, threads]) => shape(sockets, complexes, cores, threads));

/** The distance by naming the place of each CPU level by level, in the documented numbering order. */
function places({ sockets, complexesPerSocket, coresPerComplex, threadsPerCore }: TopologyShape): string[][] {
  const result: string[][] = [];
  for (let thread = 0; thread < threadsPerCore; thread++)
    for (let socket = 0; socket < sockets; socket++)
      for (let complex = 0; complex < complexesPerSocket; complex++)
        for (let core = 0; core < coresPerComplex; core++)
          result.push([
            `${socket}`,
            `${socket}.${complex}`,
            `${socket}.${complex}.${core}`,
            `${socket}.${complex}.${core}.${thread}`,
          ]);
  return result;
}

describe('distance', () => {
  it('names the innermost level that two CPUs share', () => {
    fc.assert(
      fc.property(shapes, (s) => {
        const topology = new Topology(s);
        const place = places(s);
        expect(topology.cpuCount).toBe(place.length);
        for (let a = 0; a < place.length; a++)
          for (let b = 0; b < place.length; b++) {
            const shared = place[a]!.filter((name, level) => name === place[b]![level]).length;
            expect(topology.distance(a, b)).toBe(4 - shared);
          }
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('is what two CPUs of one group are within, and no others', () => {
    const topology = new Topology(shape(2, 3, 3, 2));
    const cpus = Array.from({ length: topology.cpuCount }, (_, cpu) => cpu);
    for (const distance of [0, 1, 2, 3, 4] as const) {
      const wrong = cpus.filter((a) =>
        cpus.some(
          (b) => (topology.group(a, distance) === topology.group(b, distance)) !== topology.distance(a, b) <= distance,
        ),
      );
      expect(wrong).toEqual([]);
    }
  });

  it('puts the first CPUs of a client Haswell on cores of their own, siblings behind', () => {
    const topology = new Topology(shape(1, 1, 4, 2));
    expect([0, 1, 2, 3].map((cpu) => topology.distance(0, cpu))).toEqual([0, 2, 2, 2]);
    expect([4, 5].map((cpu) => topology.distance(0, cpu))).toEqual([1, 2]);
  });

  it('tells complexes and sockets of a two-socket chiplet machine apart', () => {
    const topology = new Topology(shape(2, 4, 4, 1));
    expect([0, 3, 4, 15, 16, 31].map((cpu) => topology.distance(0, cpu))).toEqual([0, 2, 3, 3, 4, 4]);
  });
});

describe('x2APIC', () => {
  it('gives every CPU an id of its own, and every CPU of a cluster a bit of its own', () => {
    fc.assert(
      fc.property(shapes, (s) => {
        const topology = new Topology(s);
        const cpus = Array.from({ length: topology.cpuCount }, (_, cpu) => cpu);
        expect(new Set(cpus.map((cpu) => topology.x2apicId(cpu))).size).toBe(cpus.length);
        const destinations = cpus.map((cpu) => `${topology.x2apicCluster(cpu)}:${topology.x2apicClusterBit(cpu)}`);
        expect(new Set(destinations).size).toBe(cpus.length);
        for (const cpu of cpus) expect(Math.log2(topology.x2apicClusterBit(cpu))).toBeLessThan(X2APIC_CLUSTER_SIZE);
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it('fills clusters of 16 when every level is a power of two', () => {
    const topology = new Topology(shape(2, 1, 16, 2));
    const sizes = new Map<number, number>();
    for (let cpu = 0; cpu < 64; cpu++) {
      const cluster = topology.x2apicCluster(cpu);
      sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
    }
    expect([...sizes.values()]).toEqual([16, 16, 16, 16]);
  });

  it('keeps hyper-threads of a core in one cluster and leaves gaps for 12 cores', () => {
    const topology = new Topology(shape(2, 1, 12, 2));
    expect(topology.x2apicCluster(0)).toBe(topology.x2apicCluster(24));
    const clusters = Array.from({ length: 48 }, (_, cpu) => topology.x2apicCluster(cpu));
    const sizes = [0, 1, 2, 3].map((cluster) => clusters.filter((c) => c === cluster).length);
    expect(sizes).toEqual([16, 8, 16, 8]);
  });
});

describe('limits', () => {
  it('carries 1024 CPUs', () => {
    const topology = new Topology(shape(8, 1, 64, 2));
    expect(topology.cpuCount).toBe(1024);
    expect(topology.distance(0, 1023)).toBe(4);
    expect(topology.distance(511, 1023)).toBe(1);
  });

  it.each([
    [shape(0, 1, 1, 1), /sockets: 0/],
    [shape(1, 1.5, 1, 1), /complexesPerSocket: 1.5/],
    [shape(9, 1, 64, 2), /1152 CPUs/],
  ])('refuses %o', (bad, message) => {
    expect(() => new Topology(bad)).toThrowError(message);
    expect(() => new Topology(bad)).toThrowError(expect.objectContaining({ code: 'INVALID_PROFILE' }));
  });
});
