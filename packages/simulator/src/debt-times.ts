import type { Machine } from '@shootdown/core';
import type { SafetyListener, SafetyMonitor } from '@shootdown/safety';

/**
 * How long invalidations are owed: the stale window, from a flush's call until no CPU owes one any more, and the time that
 * CPUs spend executing user code while they owe one to a flush whose guarantee holds already.
 */
export class DebtTimes implements SafetyListener {
  stalePs = 0;
  exposedPs = 0;
  /** Set by the run: the simulated time, and whether it is counted yet. */
  clock: () => number = () => 0;
  isCounting: () => boolean = () => false;
  #monitor: SafetyMonitor | undefined;
  readonly #owing: Uint8Array;
  readonly #exposedSincePs: Float64Array;
  #owingCpus = 0;
  #staleSincePs = 0;

  constructor(cpuCount: number) {
    this.#owing = new Uint8Array(cpuCount);
    this.#exposedSincePs = new Float64Array(cpuCount).fill(-1);
  }

  watch(monitor: SafetyMonitor): void {
    this.#monitor = monitor;
  }

  debtChanged(machine: Machine, cpu: number): void {
    if (this.#monitor === undefined) return;
    const owes = this.#monitor.owesAny(machine, cpu) ? 1 : 0;
    if (owes !== this.#owing[cpu]) this.#setOwing(cpu, owes);
    this.#setExposed(cpu, this.#monitor.isExposed(machine, cpu));
  }

  /** The CPU has left user code for an interrupt, or come back to it. */
  modeChanged(machine: Machine, cpu: number): void {
    if (this.#owing[cpu] !== 0 && this.#monitor !== undefined)
      this.#setExposed(cpu, this.#monitor.isExposed(machine, cpu));
  }

  #setOwing(cpu: number, owes: 0 | 1): void {
    const before = this.#owingCpus;
    this.#owing[cpu] = owes;
    this.#owingCpus += owes === 1 ? 1 : -1;
    if (before === 0) this.#staleSincePs = this.clock();
    else if (this.#owingCpus === 0 && this.isCounting()) this.stalePs += this.clock() - this.#staleSincePs;
  }

  #setExposed(cpu: number, exposed: boolean): void {
    const since = this.#exposedSincePs[cpu] as number;
    if (exposed === since >= 0) return;
    this.#exposedSincePs[cpu] = exposed ? this.clock() : -1;
    if (!exposed && this.isCounting()) this.exposedPs += this.clock() - since;
  }
}
