import type { Machine } from '@shootdown/core';

/** Per CPU: since when its pending op can be executed. */
export class Executable {
  readonly #machine: Machine;
  /** -1: it cannot. */
  readonly #sincePs: Float64Array;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#sincePs = new Float64Array(machine.layout.cpuCount).fill(-1);
  }

  /** A move has been made. */
  look(nowPs: number): void {
    for (let cpu = 0; cpu < this.#sincePs.length; cpu++) {
      const can = this.#machine.canExecute(cpu);
      if (can !== (this.#sincePs[cpu] as number) >= 0) this.#sincePs[cpu] = can ? nowPs : -1;
    }
  }

  /** -1: it cannot. A CPU that was busy with what came before has been able to only since it is free. */
  sincePs(cpu: number): number {
    return this.#sincePs[cpu] as number;
  }
}
