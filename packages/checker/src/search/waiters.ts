import { type Machine, PROGRAM_OPS } from '@shootdown/core';

/** Who waits for what: the op that each CPU is at. */
export function waiters(machine: Machine): string {
  const lines: string[] = [];
  for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
    const base = machine.pending(cpu);
    if (base < 0) continue;
    const op = PROGRAM_OPS[machine.runner.operands[base] as number];
    lines.push(`CPU ${cpu} is at ${op?.text(machine, base) ?? '?'}`);
  }
  return lines.join('; ');
}
