import { Action, type Machine } from '@shootdown/core';
import { Event, Mode } from './driver-codes.js';
import type { EventQueue } from './event-queue.js';
import type { Moves } from './moves.js';
import type { Observer } from './observer.js';
import type { Preemption, SimulatorParts } from './simulator-parts.js';

/** What the environment asks of the driver whose CPUs it disturbs. */
export interface DisturbedCpus {
  /** Ends what the CPU is doing when it is between two instructions (and, for an interrupt, takes one); it goes on with what comes first. */
  stop(cpu: number, forInterrupt: boolean): void;
  /** The CPU is busy in this mode until then. */
  occupy(cpu: number, mode: number, untilPs: number): void;
}

/** Local timers that run down, and a host that takes virtual CPUs away and gives them back: deterministic, and off by default. */
export class Environment {
  /** Per CPU: the host takes it away at its next instruction. */
  readonly isWanted: Uint8Array;
  readonly #machine: Machine;
  readonly #queue: EventQueue;
  readonly #moves: Moves;
  readonly #cpus: DisturbedCpus;
  readonly #observer: Observer | undefined;
  readonly #tickPs: number;
  readonly #preemption: Preemption | undefined;
  readonly #vmExitPs: number;
  readonly #vmEntryPs: number;

  constructor(parts: SimulatorParts, queue: EventQueue, moves: Moves, cpus: DisturbedCpus) {
    this.#machine = parts.machine;
    this.#queue = queue;
    this.#moves = moves;
    this.#cpus = cpus;
    this.#observer = parts.observer;
    this.#tickPs = parts.tickPs ?? 0;
    this.#preemption = parts.preemption;
    this.#vmExitPs = parts.costs.vmExitPs;
    this.#vmEntryPs = parts.costs.vmEntryPs;
    this.isWanted = new Uint8Array(parts.machine.layout.cpuCount);
  }

  /** Schedules the first disturbance of every CPU. */
  start(): void {
    const { cpuCount } = this.#machine.layout;
    for (let cpu = 0; cpu < cpuCount; cpu++) {
      if (this.#tickPs > 0) this.#queue.push(this.#tickPs, Event.tick, cpu);
      if (this.#preemption === undefined) continue;
      this.#queue.push(Math.round((this.#preemption.runPs * (cpu + 1)) / cpuCount), Event.host, cpu);
    }
  }

  /** The local timer of the CPU has run down; a tick that finds the last one pending is lost. */
  tick(cpu: number, nowPs: number): void {
    this.#queue.push(nowPs + this.#tickPs, Event.tick, cpu);
    if (!this.#moves.isEnabled(cpu, Action.tick, 0)) return;
    this.#moves.act(cpu, Action.tick, 0);
    this.#cpus.stop(cpu, true);
  }

  /** The host wants a virtual CPU away, or gives it back. One that is on its way in or out is asked again later. */
  host(cpu: number, nowPs: number): void {
    if (this.#machine.isRunning(cpu)) {
      this.isWanted[cpu] = 1;
      this.#cpus.stop(cpu, false);
    } else if (this.#moves.isEnabled(cpu, Action.enterVcpu, 0)) {
      this.#cpus.occupy(cpu, Mode.enteringGuest, nowPs + this.#vmEntryPs);
    } else this.#queue.push(nowPs + (this.#preemption?.runPs ?? 0), Event.host, cpu);
  }

  /** The virtual CPU begins to leave the guest; returns until when that lasts. */
  leave(cpu: number, nowPs: number): number {
    this.isWanted[cpu] = 0;
    this.#observer?.interrupted(cpu, this.#machine.top(cpu), nowPs);
    return nowPs + this.#vmExitPs;
  }

  /** It has left the guest or is about to be back in it: the host's own program comes first. */
  switchGuest(cpu: number, mode: number, nowPs: number): void {
    const isLeaving = mode === Mode.leavingGuest;
    this.#moves.act(cpu, isLeaving ? Action.deschedule : Action.enterVcpu, 0);
    const next = (isLeaving ? this.#preemption?.awayPs : this.#preemption?.runPs) ?? 0;
    this.#queue.push(nowPs + next, Event.host, cpu);
  }
}
