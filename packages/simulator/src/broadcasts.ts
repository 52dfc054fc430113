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
import { BroadcastTiming, Reach } from './broadcast-timing.js';
import type { EventQueue } from './event-queue.js';
import type { Moves } from './moves.js';
import type { TlbGeometry } from './tlb-geometry.js';

export interface BroadcastParts {
  readonly machine: Machine;
  readonly costs: CostTable;
  readonly topology: Topology;
  readonly geometry: TlbGeometry;
}

/**
 * CPUs carry out INVLPGBs when they arrive (see `BroadcastTiming`), or as soon as the stores that they wait for have drained.
 */
export class Broadcasts {
  readonly #machine: Machine;
  readonly #timing: BroadcastTiming;
  readonly #geometry: TlbGeometry;
  readonly #queue: EventQueue;
  readonly #event: number;
  readonly #moves: Moves;
  /** Per issuer and reach: slots under way, in the order in which they arrive. */
  readonly #slots: readonly number[][];
  /** Completions that are due and wait for a store of their CPU: its number, then the choice of the action. */
  readonly #late: number[] = [];

  /** `event` is the kind of the events that are pushed for the reach of the socket; the next kind is the other reach's. */
  constructor(parts: BroadcastParts, queue: EventQueue, event: number, moves: Moves) {
    const { machine, costs } = parts;
    this.#machine = machine;
    this.#timing = new BroadcastTiming(costs, parts.topology, machine.layout.cpuCount);
    this.#geometry = parts.geometry;
    this.#queue = queue;
    this.#event = event;
    this.#moves = moves;
    this.#slots = Array.from({ length: 2 * machine.layout.cpuCount }, () => []);
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
    const begun = this.#timing.begins(nowPs);
    for (const reach of [Reach.socket, Reach.remote]) {
      (this.#slots[2 * cpu + reach] as number[]).push(slot);
      this.#queue.push(this.#timing.arrival(cpu, reach, begun, pages), this.#event + reach, cpu);
    }
  }

  /** The oldest INVLPGB of this CPU has reached these CPUs. */
  arrived(issuer: number, reach: number): void {
    const { broadcasts, cpuCount } = this.#machine.layout;
    const slot = (this.#slots[2 * issuer + reach] as number[]).shift() as number;
    const choice = issuer * broadcasts + slot;
    for (let cpu = 0; cpu < cpuCount; cpu++) {
      if (this.#timing.reach(issuer, cpu) === reach && !this.#finish(cpu, choice)) this.#late.push(cpu, choice);
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
