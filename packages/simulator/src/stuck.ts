import { type Machine, PROGRAM_OPS, ShootdownError } from '@shootdown/core';

/** CPUs that an error names before it stops listing. */
const NAMED_CPUS = 8;

/** No event is left, and a thread has not finished. */
export function deadlock(machine: Machine, nowPs: number): ShootdownError {
  return new ShootdownError('DEADLOCK', `Nothing can move after ${nowPs / 1000} ns: ${whoWaits(machine)}.`);
}

/** A run went over one of its limits. */
export function neverFinishes(machine: Machine, limit: string): ShootdownError {
  const message = `The run was given up after ${limit}: ${whoWaits(machine)}. A wait may never be satisfied.`;
  return new ShootdownError('NEVER_FINISHES', message);
}

/** What each of the first CPUs is at. */
function whoWaits(machine: Machine): string {
  const lines: string[] = [];
  for (let cpu = 0; cpu < machine.layout.cpuCount && lines.length < NAMED_CPUS; cpu++) {
    const base = machine.pending(cpu);
    const op = base < 0 ? undefined : PROGRAM_OPS[machine.runner.operands[base] as number];
    if (op !== undefined) lines.push(`CPU ${cpu} is at ${op.text(machine, base)}`);
  }
  return lines.join('; ');
}
