import { Topology } from '@shootdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharerSets } from '../src/sharer-sets.js';

const topology = new Topology({ sockets: 2, complexesPerSocket: 2, coresPerComplex: 10, threadsPerCore: 2 });
const cpu = fc.integer({ min: 0, max: topology.cpuCount - 1 });

describe('sharer sets', () => {
  it('answer as a set of CPUs does', () => {
    fc.assert(
      fc.property(fc.uniqueArray(cpu, { minLength: 2, maxLength: 80 }), cpu, (members, asker) => {
        const sets = new SharerSets(topology, topology.cpuCount, 1);
        const set = sets.create(members[0]!, members[1]!);
        for (const member of members.slice(2)) sets.add(set, member);
        const distances = members.filter((m) => m !== asker).map((m) => topology.distance(asker, m));
        expect(sets.has(set, asker)).toBe(members.includes(asker));
        expect(sets.nearest(set, asker, 0)).toBe(Math.min(...distances));
        expect(sets.nearest(set, asker, 2) <= 2).toBe(Math.min(...distances) <= 2);
        expect(sets.farthest(set, asker)).toBe(Math.max(...distances));
        expect(sets.release(set)).toBe(members.length);
      }),
      { seed: 1 },
    );
  });

  it('answer the same when they are as wide as the CPUs in use', () => {
    const first = fc.integer({ min: 0, max: 24 });
    fc.assert(
      fc.property(fc.uniqueArray(first, { minLength: 2 }), first, (members, asker) => {
        const [narrow, wide] = [new SharerSets(topology, 25, 1), new SharerSets(topology)].map((sets) => {
          const set = sets.create(members[0]!, members[1]!);
          for (const member of members.slice(2)) sets.add(set, member);
          return [sets.nearest(set, asker, 0), sets.farthest(set, asker), sets.release(set)];
        });
        expect(narrow).toEqual(wide);
      }),
      { seed: 2 },
    );
  });

  it('keep apart, grow, and are used again empty', () => {
    const sets = new SharerSets(topology, topology.cpuCount, 1);
    const made = Array.from({ length: 40 }, (_, i) => sets.create(i, i + 40));
    expect(new Set(made).size).toBe(40);
    made.forEach((set, i) => {
      expect([sets.has(set, i), sets.has(set, i + 40), sets.has(set, (i + 1) % 40)]).toEqual([true, true, false]);
    });
    expect(made.map((set) => sets.release(set))).toEqual(made.map(() => 2));
    expect(sets.size).toBe(0);
    const again = sets.create(5, 6);
    expect(made).toContain(again);
    expect(sets.release(again)).toBe(2);
  });
});
