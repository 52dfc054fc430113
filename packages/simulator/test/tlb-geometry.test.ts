import type { TlbShape } from '@shootdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TlbGeometry, TlbLevel } from '../src/tlb-geometry.js';

const PAGES = 40;
const PCIDS = 3;
const HASWELL: TlbShape = { l1Entries: 64, l1Ways: 4, stlbEntries: 1024, stlbWays: 8 };

/** The specification of one CPU's TLB: a list of tags per set and level, latest first. */
class NaiveTlb {
  private readonly first = new Map<number, number[]>();
  private readonly second = new Map<number, number[]>();
  private readonly shape: TlbShape;

  constructor(shape: TlbShape) {
    this.shape = shape;
  }

  touch(tag: number): number {
    const [first, second] = this.sets(tag);
    if (!second.includes(tag)) return TlbLevel.miss;
    const level = first.includes(tag) ? TlbLevel.first : TlbLevel.second;
    this.enter(second, tag, this.shape.stlbWays);
    this.enter(first, tag, this.shape.l1Ways);
    return level;
  }
  fill(tag: number): number {
    if (this.touch(tag) !== TlbLevel.miss) return -1;
    const evicted = this.enter(this.sets(tag)[1], tag, this.shape.stlbWays) ?? -1;
    if (evicted >= 0) this.drop((other) => other === evicted);
    this.enter(this.sets(tag)[0], tag, this.shape.l1Ways);
    return evicted;
  }
  drop(isDropped: (tag: number) => boolean): void {
    for (const level of [this.first, this.second])
      for (const [set, tags] of level)
        level.set(
          set,
          tags.filter((tag) => !isDropped(tag)),
        );
  }
  get tags(): number[] {
    return [...this.second.values()].flat();
  }
  private sets(tag: number): [number[], number[]] {
    const page = tag % PAGES;
    return [
      this.set(this.first, page % (this.shape.l1Entries / this.shape.l1Ways)),
      this.set(this.second, page % (this.shape.stlbEntries / this.shape.stlbWays)),
    ];
  }
  private set(level: Map<number, number[]>, index: number): number[] {
    const tags = level.get(index) ?? [];
    level.set(index, tags);
    return tags;
  }
  private enter(tags: number[], tag: number, ways: number): number | undefined {
    const at = tags.indexOf(tag);
    if (at >= 0) tags.splice(at, 1);
    tags.unshift(tag);
    return tags.length > ways ? tags.pop() : undefined;
  }
}

/** Small geometries with many conflicts: set-associative, sets that do not divide, a fully associative first level. */
const shapes = fc.constantFrom<TlbShape>(
  { l1Entries: 4, l1Ways: 2, stlbEntries: 8, stlbWays: 2 },
  { l1Entries: 2, l1Ways: 1, stlbEntries: 12, stlbWays: 3 },
  { l1Entries: 6, l1Ways: 2, stlbEntries: 8, stlbWays: 4 },
  { l1Entries: 8, l1Ways: 8, stlbEntries: 8, stlbWays: 1 },
  HASWELL,
);
const op = fc.record({
  name: fc.constantFrom('touch', 'touch', 'fill', 'fill', 'fill', 'page', 'pcid', 'all'),
  cpu: fc.integer({ min: 0, max: 1 }),
  pcid: fc.integer({ min: 0, max: PCIDS - 1 }),
  page: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: PAGES - 1 })),
});

describe('against naive LRU lists', () => {
  it('hits, evicts and drops the same', () => {
    fc.assert(
      fc.property(shapes, fc.array(op, { maxLength: 300 }), (shape, ops) => {
        const tlb = new TlbGeometry(2, shape, PAGES);
        const naive = [new NaiveTlb(shape), new NaiveTlb(shape)];
        for (const { name, cpu, pcid, page } of ops) {
          const expected = naive[cpu]!;
          const tag = pcid * PAGES + page;
          if (name === 'touch') expect(tlb.touch(cpu, tag)).toBe(expected.touch(tag));
          else if (name === 'fill') expect(tlb.fill(cpu, tag)).toBe(expected.fill(tag));
          else if (name === 'page') {
            tlb.invalidatePage(cpu, pcid, page);
            expected.drop((other) => other === tag);
          } else if (name === 'pcid') {
            tlb.invalidatePcid(cpu, pcid);
            expected.drop((other) => Math.floor(other / PAGES) === pcid);
          } else if (page === 0) {
            tlb.invalidateAll(cpu);
            expected.drop(() => true);
          }
          expect([tlb.held(0), tlb.held(1)]).toEqual(naive.map((n) => n.tags.length));
        }
        for (let tag = 0; tag < PCIDS * PAGES; tag++) expect(tlb.touch(0, tag)).toBe(naive[0]!.touch(tag));
      }),
      { seed: 1, numRuns: 400 },
    );
  });
});

describe('Haswell geometry', () => {
  it('finds a page that fell out of the first level in the second', () => {
    const tlb = new TlbGeometry(1, HASWELL, 2 ** 16);
    for (let i = 0; i < 5; i++) tlb.fill(0, i * 16);
    expect(tlb.touch(0, 0)).toBe(TlbLevel.second);
    expect(tlb.touch(0, 0)).toBe(TlbLevel.first);
  });

  it('evicts the least recently used of nine pages of one set', () => {
    const tlb = new TlbGeometry(1, HASWELL, 2 ** 16);
    for (let i = 0; i < 8; i++) expect(tlb.fill(0, i * 128)).toBe(-1);
    tlb.touch(0, 0);
    expect(tlb.fill(0, 8 * 128)).toBe(128);
    expect([tlb.touch(0, 128), tlb.touch(0, 0)]).toEqual([TlbLevel.miss, TlbLevel.first]);
  });

  it('holds 1024 pages and no more', () => {
    const tlb = new TlbGeometry(1, HASWELL, 2 ** 16);
    const evictions = Array.from({ length: 2048 }, (_, page) => tlb.fill(0, page)).filter((tag) => tag >= 0);
    expect(evictions).toEqual(Array.from({ length: 1024 }, (_, page) => page));
    expect(tlb.held(0)).toBe(1024);
  });

  it('keeps the entries of other PCIDs and other CPUs', () => {
    const tlb = new TlbGeometry(2, HASWELL, 100);
    for (const cpu of [0, 1]) for (const tag of [5, 105, 205]) tlb.fill(cpu, tag);
    tlb.invalidatePcid(0, 1);
    tlb.invalidatePage(0, 2, 5);
    expect([5, 105, 205].map((tag) => tlb.touch(0, tag))).toEqual([1, 0, 0]);
    expect([5, 105, 205].map((tag) => tlb.touch(1, tag))).toEqual([1, 1, 1]);
  });

  it('costs nothing for the CPUs of 1024 that never fill', () => {
    const before = process.memoryUsage().arrayBuffers;
    const tlb = new TlbGeometry(1024, HASWELL, 2 ** 16);
    for (let cpu = 0; cpu < 8; cpu++) tlb.fill(cpu, 1);
    for (let cpu = 8; cpu < 1024; cpu++) {
      tlb.touch(cpu, 1);
      tlb.invalidateAll(cpu);
      tlb.invalidatePcid(cpu, 0);
      tlb.invalidatePage(cpu, 0, 1);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1088 * 4 + 16_384);
  });
});
