import { DISTANCE_CLASSES, ShootdownError, type Topology } from '@shootdown/core';
import { type DirectoryCosts, type RequestCosts, requestCosts } from './directory-costs.js';
import { SharerSets } from './sharer-sets.js';

/** Farthest distance class within one last-level cache: a clean copy there is served by the cache itself. */
const SAME_COMPLEX = 2;

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

/** When the last granted request of a line completes, the last granted write, and until when the line is busy; in picoseconds. */
const LineTime = { granted: 0, written: 1, busyUntil: 2 } as const;
const LINE_STRIDE = 3;

/** Of the request being served: when it was made and when it completes, how long it takes, how long it keeps the line busy. */
export const Request = { nowPs: 0, donePs: 1, latencyPs: 2, busyPs: 3 } as const;

/**
 * Who holds each cache line, and when a request for it completes: MESI without capacity misses. A line is held by nobody, by one CPU
 * (exclusive or modified) or by two or more CPUs (shared). The one holder of a clean line may write it without asking, so the home of
 * the line has to ask that CPU before it serves anybody else, as if it were modified.
 *
 * Requests are granted in the order of the calls. A request waits until the line is no longer busy with the one before, and completes
 * at least a picosecond after it; reads of a clean line are served by the shared cache and do not make the line busy.
 */
export class Directory {
  /** See `Request`. A Float64 argument or result may cost an allocation, so the driver uses this with `serveRead` and `serveWrite`. */
  readonly request: Float64Array = new Float64Array(4);
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
  /** Times of each line side by side, see `LineTime`: a request touches them together. */
  readonly #times: Float64Array;
  readonly #counts: Float64Array = new Float64Array(COUNTS);

  /**
   * All arrays start as zeros, which the host commits only when they are touched: lines nobody uses cost no memory.
   * @param lineCount lines are numbered 0 to lineCount − 1.
   * @param cpuCount CPUs that make requests, the first ones of the topology.
   */
  constructor(topology: Topology, costs: DirectoryCosts, lineCount: number, cpuCount: number = topology.cpuCount) {
    this.#topology = topology;
    this.#sets = new SharerSets(topology, cpuCount);
    this.#l1HitPs = costs.l1HitPs;
    this.#sharedReadPs = Math.max(costs.sharedReadPs, costs.l1HitPs + 1);
    this.#memory = requestCosts(costs, [costs.memoryReadPs]);
    this.#read = requestCosts(costs, costs.readPs);
    this.#transfer = requestCosts(costs, costs.transferPs);
    this.#upgrade = requestCosts(costs, costs.upgradePs);
    this.#holder = new Int32Array(lineCount);
    this.#times = new Float64Array(lineCount * LINE_STRIDE);
  }

  /** A CPU asks for a readable copy now. Returns the time in picoseconds at which it has one. */
  read(line: number, cpu: number, nowPs: number): number {
    this.request[Request.nowPs] = nowPs;
    this.serveRead(line, cpu);
    return this.request[Request.donePs] as number;
  }

  /** A CPU asks for the only copy now, to modify it. Returns the time in picoseconds at which it has it; all others then have none. */
  write(line: number, cpu: number, nowPs: number): number {
    this.request[Request.nowPs] = nowPs;
    this.serveWrite(line, cpu);
    return this.request[Request.donePs] as number;
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

  /** `read` of a request whose time lies in `request`, where the completion is put. */
  serveRead(line: number, cpu: number): void {
    const holder = this.#holder[line];
    if (holder === undefined) this.#refuse(line);
    if (holder < 0) this.#readShared(line, cpu, -holder);
    else if (holder === 0) {
      this.#holder[line] = (cpu + 1) << 1;
      this.#fill(line);
    } else if (holder >> 1 === cpu + 1) this.#hit(line, LineTime.granted);
    else this.#readFromOwner(line, cpu, (holder >> 1) - 1);
  }

  /** `write`, likewise. */
  serveWrite(line: number, cpu: number): void {
    const holder = this.#holder[line];
    if (holder === undefined) this.#refuse(line);
    if (holder < 0) this.#claimShared(line, cpu, -holder);
    else if (holder === 0) this.#fill(line);
    else if (holder >> 1 === cpu + 1) this.#hit(line, LineTime.granted);
    else this.#takeFromOwner(line, cpu, (holder >> 1) - 1);
    this.#holder[line] = ((cpu + 1) << 1) | 1;
    this.#times[line * LINE_STRIDE + LineTime.written] = this.request[Request.donePs] as number;
  }

  #takeFromOwner(line: number, cpu: number, owner: number): void {
    const distance = this.#topology.distance(cpu, owner);
    this.#add(Count.writes + distance, 1);
    this.#add(Count.invalidations, 1);
    this.#cost(this.#transfer, distance);
    this.#grant(line);
  }

  /** A CPU uses its copy, which may still be on its way (until `arrival`) when an earlier request of the same CPU is not complete yet. */
  #hit(line: number, arrival: number): void {
    const times = this.#times;
    const at = line * LINE_STRIDE;
    const nowPs = this.request[Request.nowPs] as number;
    const startPs = Math.max(nowPs, times[at + arrival] as number);
    const donePs = startPs + this.#l1HitPs;
    this.#add(Count.hits, 1);
    this.#add(Count.queuedPs, startPs - nowPs);
    times[at + LineTime.granted] = Math.max(times[at + LineTime.granted] as number, donePs);
    this.request[Request.donePs] = donePs;
  }

  #fill(line: number): void {
    this.#add(Count.coldFills, 1);
    this.#cost(this.#memory, 0);
    this.#grant(line);
  }

  #readFromOwner(line: number, cpu: number, owner: number): void {
    const distance = this.#topology.distance(cpu, owner);
    this.#holder[line] = -this.#sets.create(owner, cpu);
    this.#add(Count.reads + distance, 1);
    this.#cost(this.#read, distance);
    this.#grant(line);
  }

  #readShared(line: number, cpu: number, set: number): void {
    if (this.#sets.has(set, cpu)) {
      this.#hit(line, LineTime.written);
      return;
    }
    this.#add(Count.sharedReads, 1);
    this.request[Request.latencyPs] = this.#cleanReadPs(set, cpu);
    this.request[Request.busyPs] = 0;
    this.#sets.add(set, cpu);
    this.#grant(line);
  }

  /** A writer without a copy fetches the data from the nearest sharer while the copies are invalidated: the longer of the two counts. */
  #claimShared(line: number, cpu: number, set: number): void {
    const isSharer = this.#sets.has(set, cpu);
    const farthest = this.#sets.farthest(set, cpu);
    this.#cost(this.#upgrade, farthest);
    if (!isSharer)
      this.request[Request.latencyPs] = Math.max(
        this.#upgrade.latencyPs[farthest] as number,
        this.#cleanReadPs(set, cpu),
      );
    this.#add(isSharer ? Count.upgrades : Count.writes + farthest, 1);
    this.#add(Count.invalidations, this.#sets.release(set) - +isSharer);
    this.#grant(line);
  }

  /** Reading a clean line that others hold: from the shared cache when one of them is in the reader's complex, else from afar. */
  #cleanReadPs(set: number, cpu: number): number {
    const nearest = this.#sets.nearest(set, cpu, SAME_COMPLEX);
    return nearest <= SAME_COMPLEX ? this.#sharedReadPs : (this.#read.latencyPs[nearest] as number);
  }

  #cost({ latencyPs, busyPs }: RequestCosts, distance: number): void {
    this.request[Request.latencyPs] = latencyPs[distance] as number;
    this.request[Request.busyPs] = busyPs[distance] as number;
  }

  #grant(line: number): void {
    const nowPs = this.request[Request.nowPs] as number;
    const latencyPs = this.request[Request.latencyPs] as number;
    const busyPs = this.request[Request.busyPs] as number;
    const times = this.#times;
    const at = line * LINE_STRIDE;
    const start = Math.max(nowPs, times[at + LineTime.busyUntil] as number);
    const completion = Math.max(start + latencyPs, (times[at + LineTime.granted] as number) + 1);
    if (busyPs > 0) times[at + LineTime.busyUntil] = start + busyPs;
    times[at + LineTime.granted] = completion;
    this.#add(Count.queuedPs, completion - nowPs - latencyPs);
    this.request[Request.donePs] = completion;
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
