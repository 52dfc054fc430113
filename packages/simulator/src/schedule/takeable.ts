import { Action, MACHINE_ACTIONS, type Machine } from '@shootdown/core';
import { Since } from './since.js';

/** Per CPU: since when it could take an interrupt that it has not taken. */
export class Takeable {
  readonly #since: Since;
  /** The first op that it began all the same; -1: none. */
  readonly #passedPs: Float64Array;

  constructor(machine: Machine) {
    const { cpuCount } = machine.layout;
    this.#since = new Since(
      cpuCount,
      (cpu) => MACHINE_ACTIONS[Action.takeInterrupt]?.enabled(machine, cpu, 0) === true,
    );
    this.#passedPs = new Float64Array(cpuCount).fill(-1);
  }

  /** A move has been made. */
  look(nowPs: number): void {
    this.#since.look(nowPs);
    for (let cpu = 0; cpu < this.#passedPs.length; cpu++) if (this.#since.ps(cpu) < 0) this.#passedPs[cpu] = -1;
  }

  /** The CPU begins an op instead of taking the interrupt. */
  passed(cpu: number, nowPs: number): void {
    if (this.#since.ps(cpu) >= 0 && (this.#passedPs[cpu] as number) < 0) this.#passedPs[cpu] = nowPs;
  }

  /** The first boundary between two ops at which the CPU could have taken it, were it free from this time on; -1 when it cannot. */
  firstPs(cpu: number, freePs: number): number {
    const [since, passed] = [this.#since.ps(cpu), this.#passedPs[cpu] as number];
    if (since < 0) return -1;
    return passed >= 0 ? passed : Math.max(since, freePs);
  }
}
