import { Action, MACHINE_ACTIONS, type Machine } from '@shootdown/core';

/** Per CPU: since when it could take an interrupt that it has not taken. */
export class Takeable {
  readonly #machine: Machine;
  /** -1: it could not. */
  readonly #sincePs: Float64Array;
  /** The first op that it began all the same; -1: none. */
  readonly #passedPs: Float64Array;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#sincePs = new Float64Array(machine.layout.cpuCount).fill(-1);
    this.#passedPs = new Float64Array(machine.layout.cpuCount).fill(-1);
  }

  /** A move has been made. */
  look(nowPs: number): void {
    for (let cpu = 0; cpu < this.#sincePs.length; cpu++) {
      const canTake = MACHINE_ACTIONS[Action.takeInterrupt]?.enabled(this.#machine, cpu, 0) === true;
      if (!canTake) this.#passedPs[cpu] = -1;
      if (canTake !== (this.#sincePs[cpu] as number) >= 0) this.#sincePs[cpu] = canTake ? nowPs : -1;
    }
  }

  /** The CPU begins an op instead of taking the interrupt. */
  passed(cpu: number, nowPs: number): void {
    if ((this.#sincePs[cpu] as number) >= 0 && (this.#passedPs[cpu] as number) < 0) this.#passedPs[cpu] = nowPs;
  }

  /** The first boundary between two ops at which the CPU could have taken it, were it free from this time on; -1 when it cannot. */
  firstPs(cpu: number, freePs: number): number {
    const [since, passed] = [this.#sincePs[cpu] as number, this.#passedPs[cpu] as number];
    if (since < 0) return -1;
    return passed >= 0 ? passed : Math.max(since, freePs);
  }
}
