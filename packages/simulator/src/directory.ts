import { DISTANCE_CLASSES, ShootdownError, type Topology } from '@shootdown/core';
import { type DirectoryCosts, type RequestCosts, requestCosts } from './directory-costs.js';
import { SharerSets } from './sharer-sets.js';

/** Farthest distance class within one last-level cache: a clean copy there is served by the cache itself. */
const SAME_COMPLEX = 2;
const FARTHEST = DISTANCE_CLASSES - 1;

/** What the directory has done. `requests` is the sum of hits, cold fills, shared reads, upgrades and both kinds of transfers. */
export interface DirectoryCounters {
  readonly requests: number;
  /** Requests for a line that the CPU held in the state it needed. */
  readonly hits: number;
  /** First touches of a line by anybody. */
  readonly coldFills: number;
  /** Reads of a line that two or more others held clean. */
  readonly sharedReads: number;
  /** Writes to a line that the writer and others held clean. */
  readonly upgrades: number;
  /** Reads that took a line from its single holder, by the holder's distance class. */
  readonly readTransfers: readonly number[];
  /** Writes that took a line away from others, by the distance class of the farthest holder. */
  readonly writeTransfers: readonly number[];
  /** Copies that writes have invalidated. */
  readonly invalidations: number;
  /** Time that requests waited for earlier requests of the same line, in picoseconds. */
  readonly queuedPs: number;
}

const Count = {
  hits: 0,
  coldFills: 1,
  sharedReads: 2,
  upgrades: 3,
  invalidations: 4,
  queuedPs: 5,
  reads: 6,
  writes: 6 + DISTANCE_CLASSES,
};
const COUNTS = 6 + 2 * DISTANCE_CLASSES;

/**
 * Who holds each cache line, and when a request for it completes: MESI without capacity misses. A line is held by nobody, by one CPU
 * (exclusive or modified) or by two or more CPUs (shared). The one holder of a clean line may write it without asking, so the home of
 * the line has to ask that CPU before it serves anybody else, as if it were modified.
 *
 * Requests are granted in the order of the calls. A request waits until the line is no longer busy with the one before, and completes
 * at least a picosecond after it; reads of a clean line are served by the shared cache and do not make the line busy.
 */
export class Directory {
  readonly #topology: Topology;
  readonly #sets: SharerSets;
  readonly #l1HitPs: number;
  readonly #sharedReadPs: number;
  readonly #memory: RequestCosts;
  readonly #read: RequestCosts;
  readonly #transfer: RequestCosts;
  readonly #upgrade: RequestCosts;
  /** Zero: nobody. Positive: 2 × (CPU + 1), plus 1 when modified. Negative: minus the number of a sharer set of two or more. */
  readonly #holder: Int32Array;
  readonly #busyUntilPs: Float64Array;
  /** When the last granted request of the line completes, and the last granted write. */
  readonly #grantedPs: Float64Array;
  readonly #writtenPs: Float64Array;
  readonly #counts: Float64Array = new Float64Array(COUNTS);

  /**
   * All arrays start as zeros, which the host commits only when they are touched: lines nobody uses cost no memory.
   * @param lineCount lines are numbered 0 to lineCount − 1.
   */
  constructor(topology: Topology, costs: DirectoryCosts, lineCount: number) {
    this.#topology = topology;
    this.#sets = new SharerSets(topology);
    this.#l1HitPs = costs.l1HitPs;
    this.#sharedReadPs = Math.max(costs.sharedReadPs, costs.l1HitPs + 1);
    this.#memory = requestCosts(costs, [costs.memoryReadPs]);
    this.#read = requestCosts(costs, costs.readPs);
    this.#transfer = requestCosts(costs, costs.transferPs);
    this.#upgrade = requestCosts(costs, costs.upgradePs);
    this.#holder = new Int32Array(lineCount);
    this.#busyUntilPs = new Float64Array(lineCount);
    this.#grantedPs = new Float64Array(lineCount);
    this.#writtenPs = new Float64Array(lineCount);
  }

  /** A CPU asks for a readable copy now. Returns the time in picoseconds at which it has one. */
  read(line: number, cpu: number, nowPs: number): number {
    const holder = this.#holder[line];
    if (holder === undefined) return this.#refuse(line);
    if (holder < 0) return this.#readShared(line, cpu, -holder, nowPs);
    if (holder === 0) {
      this.#holder[line] = (cpu + 1) << 1;
      return this.#fill(line, nowPs);
    }
    const owner = (holder >> 1) - 1;
    if (owner === cpu) return this.#hit(line, nowPs, this.#grantedPs[line] as number);
    return this.#readFromOwner(line, cpu, owner, nowPs);
  }

  /** A CPU asks for the only copy now, to modify it. Returns the time in picoseconds at which it has it; all others then have none. */
  write(line: number, cpu: number, nowPs: number): number {
    const holder = this.#holder[line];
    if (holder === undefined) return this.#refuse(line);
    const completion = this.#own(line, cpu, holder, nowPs);
    this.#holder[line] = ((cpu + 1) << 1) | 1;
    this.#writtenPs[line] = completion;
    return completion;
  }

  /** True when the CPU has a copy, readable at the cost of a hit. */
  holds(line: number, cpu: number): boolean {
    const holder = this.#holder[line] as number;
    return holder < 0 ? this.#sets.has(-holder, cpu) : holder >> 1 === cpu + 1;
  }

  /** True when the CPU has the only copy, writable at the cost of a hit. */
  owns(line: number, cpu: number): boolean {
    return (this.#holder[line] as number) >> 1 === cpu + 1;
  }

  /** True when the only copy may differ from memory. */
  isModified(line: number): boolean {
    const holder = this.#holder[line] as number;
    return holder > 0 && (holder & 1) === 1;
  }

  /** True when two or more CPUs have a copy. */
  isShared(line: number): boolean {
    return (this.#holder[line] as number) < 0;
  }

  /** A snapshot of the counters since the start or the last `resetCounters`. */
  counters(): DirectoryCounters {
    const count = (index: number): number => this.#counts[index] as number;
    const byDistance = (first: number): number[] => Array.from(this.#counts.subarray(first, first + DISTANCE_CLASSES));
    const [readTransfers, writeTransfers] = [byDistance(Count.reads), byDistance(Count.writes)];
    const transfers = [...readTransfers, ...writeTransfers].reduce((sum, next) => sum + next, 0);
    const { hits, coldFills, sharedReads, upgrades, invalidations, queuedPs } = Count;
    return {
      requests: count(hits) + count(coldFills) + count(sharedReads) + count(upgrades) + transfers,
      hits: count(hits),
      coldFills: count(coldFills),
      sharedReads: count(sharedReads),
      upgrades: count(upgrades),
      readTransfers,
      writeTransfers,
      invalidations: count(invalidations),
      queuedPs: count(queuedPs),
    };
  }

  /** Sets every counter to zero, at the end of a warm-up; who holds what stays. */
  resetCounters(): void {
    this.#counts.fill(0);
  }

  #own(line: number, cpu: number, holder: number, nowPs: number): number {
    if (holder < 0) return this.#claimShared(line, cpu, -holder, nowPs);
    if (holder === 0) return this.#fill(line, nowPs);
    const owner = (holder >> 1) - 1;
    if (owner === cpu) return this.#hit(line, nowPs, this.#grantedPs[line] as number);
    const distance = this.#topology.distance(cpu, owner);
    this.#add(Count.writes + distance, 1);
    this.#add(Count.invalidations, 1);
    return this.#grant(
      line,
      nowPs,
      this.#transfer.latencyPs[distance] as number,
      this.#transfer.busyPs[distance] as number,
    );
  }

  /** A CPU uses its copy, which may still be on its way when an earlier request of the same CPU is not complete yet. */
  #hit(line: number, nowPs: number, arrivalPs: number): number {
    const startPs = Math.max(nowPs, arrivalPs);
    const completion = startPs + this.#l1HitPs;
    this.#add(Count.hits, 1);
    this.#add(Count.queuedPs, startPs - nowPs);
    this.#grantedPs[line] = Math.max(this.#grantedPs[line] as number, completion);
    return completion;
  }

  #fill(line: number, nowPs: number): number {
    this.#add(Count.coldFills, 1);
    return this.#grant(line, nowPs, this.#memory.latencyPs[0] as number, this.#memory.busyPs[0] as number);
  }

  #readFromOwner(line: number, cpu: number, owner: number, nowPs: number): number {
    const distance = this.#topology.distance(cpu, owner);
    this.#holder[line] = -this.#sets.create(owner, cpu);
    this.#add(Count.reads + distance, 1);
    return this.#grant(line, nowPs, this.#read.latencyPs[distance] as number, this.#read.busyPs[distance] as number);
  }

  #readShared(line: number, cpu: number, set: number, nowPs: number): number {
    if (this.#sets.has(set, cpu)) return this.#hit(line, nowPs, this.#writtenPs[line] as number);
    this.#add(Count.sharedReads, 1);
    const latency = this.#cleanReadPs(set, cpu);
    this.#sets.add(set, cpu);
    return this.#grant(line, nowPs, latency, 0);
  }

  /** A writer without a copy fetches the data from the nearest sharer while the copies are invalidated: the longer of the two counts. */
  #claimShared(line: number, cpu: number, set: number, nowPs: number): number {
    const isSharer = this.#sets.has(set, cpu);
    const farthest = this.#sets.farthest(set, cpu, FARTHEST);
    const invalidatePs = this.#upgrade.latencyPs[farthest] as number;
    const latency = isSharer ? invalidatePs : Math.max(invalidatePs, this.#cleanReadPs(set, cpu));
    this.#add(isSharer ? Count.upgrades : Count.writes + farthest, 1);
    this.#add(Count.invalidations, this.#sets.release(set) - +isSharer);
    return this.#grant(line, nowPs, latency, this.#upgrade.busyPs[farthest] as number);
  }

  /** Reading a clean line that others hold: from the shared cache when one of them is in the reader's complex, else from afar. */
  #cleanReadPs(set: number, cpu: number): number {
    const nearest = this.#sets.nearest(set, cpu, SAME_COMPLEX, FARTHEST);
    return nearest <= SAME_COMPLEX ? this.#sharedReadPs : (this.#read.latencyPs[nearest] as number);
  }

  #grant(line: number, nowPs: number, latencyPs: number, busyPs: number): number {
    const start = Math.max(nowPs, this.#busyUntilPs[line] as number);
    const completion = Math.max(start + latencyPs, (this.#grantedPs[line] as number) + 1);
    if (busyPs > 0) this.#busyUntilPs[line] = start + busyPs;
    this.#grantedPs[line] = completion;
    this.#add(Count.queuedPs, completion - nowPs - latencyPs);
    return completion;
  }

  #add(counter: number, amount: number): void {
    this.#counts[counter] = (this.#counts[counter] as number) + amount;
  }

  #refuse(line: number): never {
    const last = this.#holder.length - 1;
    throw new ShootdownError(
      'INTERNAL',
      `Line ${line} is outside the directory: it was made for the lines 0 to ${last}; give it more.`,
    );
  }
}
