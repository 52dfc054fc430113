import { type Machine, nextTarget } from '@shootdown/core';
import type { CpuTimes } from './cpu-times.js';
import { Event } from './driver-codes.js';
import type { EventQueue } from './event-queue.js';
import type { InterruptTiming } from './interrupt-timing.js';
import type { Observer } from './observer.js';
import type { SimulatorParts } from './simulator-parts.js';

/** IPIs on their way: an ICR write becomes an event at each CPU that it reaches. */
export class Ipis {
  readonly #machine: Machine;
  readonly #observer: Observer | undefined;
  readonly #times: CpuTimes;
  readonly #interrupts: InterruptTiming;
  readonly #queue: EventQueue;

  constructor(parts: SimulatorParts, times: CpuTimes, interrupts: InterruptTiming, queue: EventQueue) {
    this.#machine = parts.machine;
    this.#observer = parts.observer;
    this.#times = times;
    this.#interrupts = interrupts;
    this.#queue = queue;
  }

  launch(cpu: number, target: number, vector: number): void {
    const { nowPs } = this.#times;
    this.#queue.push(this.#interrupts.arrival(cpu, target, nowPs), Event.arrival + vector, target);
    this.#observer?.sent(cpu, target, nowPs);
  }

  /** To the CPUs of the pending multicast ICR write at `base`. */
  launchMask(cpu: number, base: number, vector: number): void {
    const machine = this.#machine;
    for (let target = nextTarget(machine, cpu, base, -1); target >= 0; target = nextTarget(machine, cpu, base, target))
      this.launch(cpu, target, vector);
  }
}
