import {
  Action,
  BROADCAST_ALL,
  BroadcastFlag,
  BroadcastField,
  type CostTable,
  type Machine,
  owesBroadcast,
  type Topology,
} from '@shootdown/core';
import type { EventQueue } from './event-queue.js';
import type { Moves } from './moves.js';
import type { TlbGeometry } from './tlb-geometry.js';

/** Farthest distance class within one socket. */
const SAME_SOCKET = 3;

/** CPUs that carry an INVLPGB out at the same time: those of the issuer's socket, or those of the others. */
const Reach = { socket: 0, remote: 1 } as const;

export interface BroadcastParts {
  readonly machine: Machine;
  readonly costs: CostTable;
  readonly topology: Topology;
  readonly geometry: TlbGeometry;
}

/**
 * When CPUs carry out INVLPGBs. One INVLPGB after the other occupies the broadcast fabric of the machine; then the CPUs of
 * the issuer's socket carry it out, a little later those of the others. The INVLPGBs of one CPU arrive in their order.
 */
export class Broadcasts {
  readonly #machine: Machine;
  readonly #topology: Topology;
  readonly #geometry: TlbGeometry;
  readonly #queue: EventQueue;
  readonly #event: number;
  readonly #moves: Moves;
  readonly #busyPs: number;
  readonly #pagePs: number;
  readonly #deliveryPs: readonly number[];
  #fabricFreePs = 0;
  /** Per issuer and reach: slots under way, in the order in which they arrive, and when the last one does. */
  readonly #slots: readonly number[][];
  readonly #lastPs: Float64Array;
  /** Completions that are due and wait for a store of their CPU: its number, then the choice of the action. */
  readonly #late: number[] = [];

  /** `event` is the kind of the events that are pushed for the reach of the socket; the next kind is the other reach's. */
  constructor(parts: BroadcastParts, queue: EventQueue, event: number, moves: Moves) {
    const { machine, costs } = parts;
    this.#machine = machine;
    this.#topology = parts.topology;
    this.#geometry = parts.geometry;
    this.#queue = queue;
    this.#event = event;
    this.#moves = moves;
    this.#busyPs = costs.broadcastBusyPs;
    this.#pagePs = costs.broadcastPagePs;
    this.#deliveryPs = [costs.broadcastSocketPs, costs.broadcastSocketPs + costs.broadcastRemoteExtraPs];
    this.#slots = Array.from({ length: 2 * machine.layout.cpuCount }, () => []);
    this.#lastPs = new Float64Array(2 * machine.layout.cpuCount);
  }

  /** Some completion waits for a store to drain. */
  get hasLate(): boolean {
    return this.#late.length > 0;
  }

  /** A completion of this CPU is due and waits for its stores: it makes no further ones, so that it comes to an end. */
  isLate(cpu: number): boolean {
    for (let i = 0; i < this.#late.length; i += 2) if (this.#late[i] === cpu) return true;
    return false;
  }

  /** The CPU has issued an INVLPGB now: events tell when CPUs carry it out. */
  issued(cpu: number, nowPs: number): void {
    const slot = this.#newest(cpu);
    const pages = this.#field(cpu, slot, BroadcastField.pageCount);
    const begun = Math.max(nowPs, this.#fabricFreePs);
    this.#fabricFreePs = begun + this.#busyPs;
    for (const reach of [Reach.socket, Reach.remote]) {
      const queue = 2 * cpu + reach;
      const due = begun + (this.#deliveryPs[reach] as number) + Math.max(0, pages - 1) * this.#pagePs;
      this.#lastPs[queue] = Math.max(this.#lastPs[queue] as number, due);
      (this.#slots[queue] as number[]).push(slot);
      this.#queue.push(this.#lastPs[queue] as number, this.#event + reach, cpu);
    }
  }

  /** The oldest INVLPGB of this CPU has reached these CPUs. */
  arrived(issuer: number, reach: number): void {
    const { broadcasts, cpuCount } = this.#machine.layout;
    const slot = (this.#slots[2 * issuer + reach] as number[]).shift() as number;
    const choice = issuer * broadcasts + slot;
    for (let cpu = 0; cpu < cpuCount; cpu++) {
      const isRemote = this.#topology.distance(issuer, cpu) > SAME_SOCKET;
      if (isRemote === (reach === Reach.remote) && !this.#finish(cpu, choice)) this.#late.push(cpu, choice);
    }
  }

  /** A store of the CPU has become visible; returns the issuers of what it could carry out now. */
  drained(cpu: number): readonly number[] {
    const issuers: number[] = [];
    for (let i = this.#late.length - 2; i >= 0; i -= 2) {
      const choice = this.#late[i + 1] as number;
      if (this.#late[i] !== cpu || !this.#finish(cpu, choice)) continue;
      this.#late.splice(i, 2);
      issuers.push(Math.floor(choice / this.#machine.layout.broadcasts));
    }
    return issuers;
  }

  #finish(cpu: number, choice: number): boolean {
    if (!this.#moves.isEnabled(cpu, Action.finishBroadcast, choice)) return false;
    this.#dropTags(cpu, choice);
    this.#moves.act(cpu, Action.finishBroadcast, choice);
    return true;
  }

  /** What the CPU drops leaves its TLB geometry too. */
  #dropTags(cpu: number, choice: number): void {
    const { broadcasts, pcids, globalTag } = this.#machine.layout;
    const issuer = Math.floor(choice / broadcasts);
    const slot = choice % broadcasts;
    const pcid = this.#field(issuer, slot, BroadcastField.pcid);
    const first = this.#field(issuer, slot, BroadcastField.firstPage);
    const pages = this.#field(issuer, slot, BroadcastField.pageCount);
    const end = pcid === BROADCAST_ALL ? pcids : pcid + 1;
    for (let tag = Math.max(pcid, 0); tag < end; tag++) this.#dropTag(cpu, tag, first, pages);
    if ((this.#field(issuer, slot, BroadcastField.flags) & BroadcastFlag.global) !== 0)
      this.#dropTag(cpu, globalTag, first, pages);
  }

  #dropTag(cpu: number, tag: number, first: number, pages: number): void {
    if (pages === BROADCAST_ALL) this.#geometry.invalidatePcid(cpu, tag);
    for (let page = first; page < first + pages; page++) this.#geometry.invalidatePage(cpu, tag, page);
  }

  #field(issuer: number, slot: number, field: number): number {
    return this.#machine.state[this.#machine.layout.broadcastSlot(issuer, slot) + field] as number;
  }

  /** The slot that the machine has given to the INVLPGB just issued: the one under way that no event is scheduled for. */
  #newest(cpu: number): number {
    const { layout } = this.#machine;
    const near = this.#slots[2 * cpu + Reach.socket] as number[];
    const far = this.#slots[2 * cpu + Reach.remote] as number[];
    for (let slot = 0; slot < layout.broadcasts; slot++) {
      if (near.includes(slot) || far.includes(slot) || this.#awaitsStores(cpu, slot)) continue;
      if (owesBroadcast(this.#machine, cpu, slot, cpu)) return slot;
    }
    return -1;
  }

  #awaitsStores(issuer: number, slot: number): boolean {
    const choice = issuer * this.#machine.layout.broadcasts + slot;
    for (let i = 1; i < this.#late.length; i += 2) if (this.#late[i] === choice) return true;
    return false;
  }
}
