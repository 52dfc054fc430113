import { type CostTable, type Machine, Opcode, type RandomStream, type Topology } from '@shootdown/core';

/**
 * How long an IPI travels and how long a CPU takes to enter its handler.
 *
 * The published figure runs from the ICR write to the first instruction of the handler (SGX-Step `apic-ipi`). The entry is
 * the part that a CPU pays however the interrupt became pending; flight is the rest, so that back-to-back interrupts of a
 * busy CPU pay the entry alone.
 */
export class InterruptTiming {
  readonly #entryPs: number;
  readonly #haltWakePs: number;
  readonly #flightPs: readonly number[];
  readonly #icrWritePs: number;
  readonly #jitterPs: number;
  readonly #topology: Topology;
  readonly #random: RandomStream;

  constructor(costs: CostTable, topology: Topology, random: RandomStream) {
    this.#entryPs = costs.interruptEntryPs;
    this.#haltWakePs = costs.haltWakePs;
    const socket = costs.ipiDeliverySocketPs - costs.interruptEntryPs;
    const sibling = costs.ipiDeliverySiblingPs - costs.interruptEntryPs;
    this.#flightPs = [socket, sibling, socket, socket, socket + costs.ipiDeliveryRemoteExtraPs];
    this.#icrWritePs = costs.icrWritePs;
    this.#jitterPs = costs.ipiJitterPs;
    this.#topology = topology;
    this.#random = random;
  }

  /** How long the CPU takes to leave what it is at for a handler; one that sleeps in HLT wakes up first. */
  entry(machine: Machine, cpu: number): number {
    const base = machine.pending(cpu);
    const isHalted = base >= 0 && machine.runner.operands[base] === Opcode.halt;
    return this.#entryPs + (isHalted ? this.#haltWakePs : 0);
  }

  /** When an IPI whose ICR write completes now arrives: the figure counts from the beginning of the write. */
  arrival(sender: number, target: number, nowPs: number): number {
    const flight = (this.#flightPs[this.#topology.distance(sender, target)] as number) + this.#jitter();
    return nowPs + Math.max(0, flight - this.#icrWritePs);
  }

  /** Sum of four uniform draws: mean 0 and the measured standard deviation (a uniform of width w has w/√12, four of them w/√3). */
  #jitter(): number {
    const sum = this.#random.next() + this.#random.next() + this.#random.next() + this.#random.next() - 2;
    return Math.round(sum * this.#jitterPs * Math.sqrt(3));
  }
}
