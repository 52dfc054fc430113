/** Per CPU: since when something has held without a break. */
export class Since {
  readonly #holds: (cpu: number) => boolean;
  /** -1: it does not hold. */
  readonly #ps: Float64Array;

  /** `holds`: whether it does now. */
  constructor(cpuCount: number, holds: (cpu: number) => boolean) {
    this.#holds = holds;
    this.#ps = new Float64Array(cpuCount).fill(-1);
  }

  /** A move has been made. */
  look(nowPs: number): void {
    for (let cpu = 0; cpu < this.#ps.length; cpu++) {
      const holds = this.#holds(cpu);
      if (holds !== this.ps(cpu) >= 0) this.#ps[cpu] = holds ? nowPs : -1;
    }
  }

  /** -1: it does not hold. */
  ps(cpu: number): number {
    return this.#ps[cpu] as number;
  }
}
