import type { Machine, Violation } from '@shootdown/core';

/** A violation and the simulated time at which it was first seen. */
export interface TimedViolation extends Violation {
  readonly nowPs: number;
}

/** The first violation of each contract and form on each CPU. */
export class ViolationLog {
  readonly violations: TimedViolation[] = [];
  readonly #known: Set<string> = new Set<string>();

  /** Takes over what the monitors have reported since the last call. */
  collect(machine: Machine, nowPs: number): void {
    for (const violation of machine.violations) {
      const key = `${violation.contract} ${violation.form} ${violation.cpu}`;
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.violations.push({ ...violation, nowPs });
    }
    machine.violations.length = 0;
  }
}
