import {
  type CostTable,
  freeBroadcast,
  type Machine,
  nextTarget,
  Opcode,
  Operand,
  type Topology,
} from '@shootdown/core';
import { BroadcastTiming, Reach } from '../broadcast-timing.js';
import type { InterruptTiming } from '../interrupt-timing.js';

/** What is on its way between CPUs, and when costs alone would have it arrive. */
export class Arrivals {
  readonly #machine: Machine;
  readonly #interrupts: InterruptTiming;
  readonly #broadcasts: BroadcastTiming;
  /** Per CPU and vector: when the IPIs on their way arrive, the first one first. */
  readonly #ipis: number[][];
  /** Per issuer and slot of an INVLPGB: when it arrives, by reach. */
  readonly #invlpgbs: Map<number, readonly number[]> = new Map<number, readonly number[]>();

  constructor(machine: Machine, costs: CostTable, topology: Topology, interrupts: InterruptTiming) {
    const { cpuCount, vectorCount } = machine.layout;
    this.#machine = machine;
    this.#interrupts = interrupts;
    this.#broadcasts = new BroadcastTiming(costs, topology, cpuCount);
    this.#ipis = Array.from({ length: cpuCount * vectorCount }, () => []);
  }

  /** The pending op of the CPU is about to take effect: what it sends leaves now. */
  launch(cpu: number, nowPs: number): void {
    const base = this.#machine.pending(cpu);
    const opcode = this.#operand(base, 0);
    const [a, b] = [this.#operand(base, Operand.a), this.#operand(base, Operand.b)];
    if (opcode === Opcode.sendIpi) this.#send(cpu, a, b, nowPs);
    else if (opcode === Opcode.sendIpiMask) this.#sendMask(cpu, base, b, nowPs);
    else if (opcode === Opcode.invlpgb) this.#broadcast(cpu, this.#operand(base, Operand.c), nowPs);
  }

  /** When the next IPI of this vector arrives; infinite when none is on its way. */
  ipi(cpu: number, vector: number): number {
    return this.#flying(cpu, vector)[0] ?? Number.POSITIVE_INFINITY;
  }

  /** It has arrived. */
  delivered(cpu: number, vector: number): void {
    this.#flying(cpu, vector).shift();
  }

  /** When the INVLPGB that a `finishBroadcast` names arrives at the CPU; infinite before it is issued. */
  invlpgb(cpu: number, choice: number): number {
    const issuer = Math.floor(choice / this.#machine.layout.broadcasts);
    return this.#invlpgbs.get(choice)?.[this.#broadcasts.reach(issuer, cpu)] ?? Number.POSITIVE_INFINITY;
  }

  #flying(cpu: number, vector: number): number[] {
    return this.#ipis[cpu * this.#machine.layout.vectorCount + vector] as number[];
  }

  #send(cpu: number, target: number, vector: number, nowPs: number): void {
    const flying = this.#flying(target, vector);
    flying.push(this.#interrupts.arrival(cpu, target, nowPs));
    flying.sort((a, b) => a - b);
  }

  #sendMask(cpu: number, base: number, vector: number, nowPs: number): void {
    const machine = this.#machine;
    for (let target = nextTarget(machine, cpu, base, -1); target >= 0; target = nextTarget(machine, cpu, base, target))
      this.#send(cpu, target, vector, nowPs);
  }

  #broadcast(cpu: number, pages: number, nowPs: number): void {
    const choice = cpu * this.#machine.layout.broadcasts + freeBroadcast(this.#machine, cpu);
    const begun = this.#broadcasts.begins(nowPs);
    this.#invlpgbs.set(
      choice,
      Object.values(Reach).map((reach) => this.#broadcasts.arrival(cpu, reach, begun, pages)),
    );
  }

  #operand(base: number, offset: number): number {
    return this.#machine.runner.operands[base + offset] as number;
  }
}
