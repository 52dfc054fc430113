import { Topology } from '@shootdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Directory } from '../src/directory.js';
import type { DirectoryCosts } from '../src/directory-costs.js';
import { NaiveDirectory, type Outcome } from './naive-directory.js';

const costs: DirectoryCosts = {
  l1HitPs: 1100,
  sharedReadPs: 12_000,
  memoryReadPs: 60_000,
  lineBusyFraction: 0.6,
  transferPs: [0, 7000, 21_200, 40_000, 120_000],
  readPs: [0, 6000, 18_000, 35_000, 100_000],
  upgradePs: [0, 5000, 15_000, 30_000, 90_000],
};
const LINES = 3;
/** 48 CPUs in more than one bitset word, with every distance class. */
const shape = { sockets: 2, complexesPerSocket: 2, coresPerComplex: 6, threadsPerCore: 2 };
const topology = new Topology(shape);

const request = fc.record({
  isWrite: fc.boolean(),
  line: fc.integer({ min: 0, max: LINES - 1 }),
  cpu: fc.oneof(fc.constantFrom(0, 1, 24, 47), fc.integer({ min: 0, max: topology.cpuCount - 1 })),
  pausePs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200_000 })),
});
const requests = fc.array(request, { maxLength: 120 });
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

/** Issues requests at the times their pauses add up to; `visit` sees each one with its completion. */
function issue(
  directory: Directory,
  list: readonly Request[],
  visit: (request: Request, nowPs: number, completionPs: number) => void,
): void {
  let nowPs = 0;
  for (const next of list) {
    nowPs += next.pausePs;
    const completionPs = next.isWrite
      ? directory.write(next.line, next.cpu, nowPs)
      : directory.read(next.line, next.cpu, nowPs);
    visit(next, nowPs, completionPs);
  }
}

function holders(directory: Directory, line: number): number[] {
  return Array.from({ length: topology.cpuCount }, (_, cpu) => cpu).filter((cpu) => directory.holds(line, cpu));
}

describe('against the naive directory', () => {
  it('has the same holders, completions and counters', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const directory = new Directory(topology, costs, LINES);
        const naive = new NaiveDirectory(topology, costs);
        const outcomes: Outcome[] = [];
        issue(directory, list, ({ isWrite, line, cpu }, nowPs, completionPs) => {
          const outcome = naive.request(isWrite, line, cpu, nowPs);
          outcomes.push(outcome);
          expect(completionPs).toBe(outcome.completionPs);
          const expected = naive.line(line);
          expect(holders(directory, line)).toEqual([...expected.holders].sort((a, b) => a - b));
          expect(directory.isShared(line)).toBe(!expected.isExclusive);
          expect(directory.isModified(line)).toBe(expected.isModified);
        });
        const count = (kind: Outcome['kind'], distance?: number): number =>
          outcomes.filter((o) => o.kind === kind && (distance === undefined || o.distance === distance)).length;
        expect(directory.counters()).toEqual({
          requests: list.length,
          hits: count('hit'),
          coldFills: count('cold'),
          sharedReads: count('sharedRead'),
          upgrades: count('upgrade'),
          readTransfers: [0, 1, 2, 3, 4].map((distance) => count('readTransfer', distance)),
          writeTransfers: [0, 1, 2, 3, 4].map((distance) => count('writeTransfer', distance)),
          invalidations: outcomes.reduce((sum, o) => sum + o.invalidated, 0),
          queuedPs: outcomes.reduce((sum, o) => sum + o.queuedPs, 0),
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('invariants', () => {
  it('a write leaves exactly one holder, who owns the line; a read makes the reader a holder', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const directory = new Directory(topology, costs, LINES);
        issue(directory, list, ({ isWrite, line, cpu }) => {
          expect(directory.holds(line, cpu)).toBe(true);
          if (isWrite) expect(holders(directory, line)).toEqual([cpu]);
          const owners = holders(directory, line).filter((holder) => directory.owns(line, holder));
          expect(owners.length).toBe(directory.isShared(line) ? 0 : 1);
        });
      }),
      { seed: 2 },
    );
  });

  it.each([0, 0.3, 1])(
    'grants conflicting requests strictly in the order of arrival, line busy for %d of a transfer',
    (lineBusyFraction) => {
      fc.assert(
        fc.property(requests, (list) => {
          const directory = new Directory(topology, { ...costs, lineBusyFraction }, LINES);
          const lastPs = Array.from({ length: LINES }, () => 0);
          const lastWritePs = Array.from({ length: LINES }, () => 0);
          issue(directory, list, ({ isWrite, line }, nowPs, completionPs) => {
            expect(completionPs).toBeGreaterThanOrEqual(nowPs + costs.l1HitPs);
            expect(completionPs).toBeGreaterThan((isWrite ? lastPs : lastWritePs)[line]!);
            lastPs[line] = Math.max(lastPs[line]!, completionPs);
            if (isWrite) lastWritePs[line] = completionPs;
          });
        }),
        { seed: 3 },
      );
    },
  );

  it('keeps that order when a study makes transfers free', () => {
    const free = {
      ...costs,
      l1HitPs: 0,
      sharedReadPs: 0,
      memoryReadPs: 0,
      transferPs: [0, 0, 0, 0, 0],
      readPs: [0, 0, 0, 0, 0],
      upgradePs: [0, 0, 0, 0, 0],
    };
    const directory = new Directory(topology, free, 1);
    const completions = [
      directory.write(0, 0, 5),
      directory.read(0, 1, 5),
      directory.read(0, 2, 5),
      directory.write(0, 3, 5),
    ];
    expect(completions).toEqual([6, 7, 8, 9]);
  });
});

describe('costs of one request', () => {
  it('come from memory first, then from the holder by distance', () => {
    const directory = new Directory(topology, costs, 1);
    expect(directory.read(0, 0, 0)).toBe(60_000);
    expect(directory.write(0, 0, 100_000)).toBe(101_100);
    expect(directory.read(0, 24, 200_000)).toBe(206_000);
    expect(directory.read(0, 1, 300_000)).toBe(312_000);
    expect(directory.read(0, 6, 400_000)).toBe(435_000);
    expect(directory.read(0, 47, 500_000)).toBe(600_000);
    expect(directory.write(0, 0, 700_000)).toBe(790_000);
    expect(directory.write(0, 2, 800_000)).toBe(821_200);
  });

  it('queue behind a busy line', () => {
    const directory = new Directory(topology, { ...costs, lineBusyFraction: 1 }, 1);
    directory.write(0, 0, 0);
    const first = directory.write(0, 1, 100_000);
    const second = directory.write(0, 2, 100_000);
    expect([first, second]).toEqual([121_200, 142_400]);
    expect(directory.counters().queuedPs).toBe(21_200);
  });

  it('let a CPU use a line that is still on its way only when it has come', () => {
    const directory = new Directory(topology, costs, 1);
    directory.write(0, 0, 0);
    expect(directory.write(0, 47, 100_000)).toBe(220_000);
    expect(directory.read(0, 47, 100_500)).toBe(221_100);
    const reader = directory.read(0, 46, 100_600);
    expect(directory.read(0, 47, 100_700)).toBe(221_100);
    expect(reader).toBeGreaterThan(221_100);
  });

  it('do not serialise the readers of a clean line', () => {
    const directory = new Directory(topology, { ...costs, lineBusyFraction: 1 }, 1);
    directory.read(0, 0, 0);
    const first = directory.read(0, 1, 100_000);
    const others = [2, 3, 4].map((cpu) => directory.read(0, cpu, 100_000));
    expect(first).toBe(118_000);
    expect(others).toEqual([130_000, 130_001, 130_002]);
  });
});

describe('size', () => {
  it('counts from zero again after a warm-up, with the holders kept', () => {
    const directory = new Directory(topology, costs, 1);
    directory.write(0, 3, 0);
    directory.resetCounters();
    directory.write(0, 3, 100_000);
    expect(directory.counters()).toMatchObject({ requests: 1, hits: 1, queuedPs: 0 });
  });

  it('takes 1024 sharers of one line and gives their set back', () => {
    const large = new Topology({ sockets: 8, complexesPerSocket: 1, coresPerComplex: 64, threadsPerCore: 2 });
    const directory = new Directory(large, costs, 1);
    for (let round = 0; round < 3; round++) {
      for (let cpu = 0; cpu < 1024; cpu++) directory.read(0, cpu, round * 1e9);
      directory.write(0, 1023, round * 1e9 + 5e8);
    }
    expect(directory.counters()).toMatchObject({ coldFills: 1, upgrades: 3, invalidations: 3 * 1023 });
  });

  it('commits no memory for 1.2 million lines that nobody touches', () => {
    const before = process.memoryUsage();
    const directory = new Directory(topology, costs, 1_200_000);
    for (let line = 0; line < 1000; line++) directory.write(line, line % 48, 0);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(40e6);
    expect(after.rss - before.rss).toBeLessThan(20e6);
    expect(directory.counters().coldFills).toBe(1000);
  });

  it('refuses a line outside', () => {
    const directory = new Directory(topology, costs, LINES);
    expect(() => directory.read(LINES, 0, 0)).toThrowError(/Line 3 .* lines 0 to 2/);
    expect(() => directory.write(-1, 0, 0)).toThrowError(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
