import type { Machine, Violation } from '@shootdown/core';

/** A violation and the simulated time at which it was first seen. */
export interface TimedViolation extends Violation {
  readonly nowPs: number;
}

/** The first violation of each contract and form on each CPU. */
export class ViolationLog {
  readonly violations: TimedViolation[] = [];

  /** Takes over what the monitors have reported since the last call. */
  collect(machine: Machine, nowPs: number): void {
    for (const violation of machine.violations) {
      if (!this.#knows(violation)) this.violations.push({ ...violation, nowPs });
    }
    machine.violations.length = 0;
  }

  #knows({ contract, form, cpu }: Violation): boolean {
    return this.violations.some((seen) => seen.contract === contract && seen.form === form && seen.cpu === cpu);
  }
}
