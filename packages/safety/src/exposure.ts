import { CpuField, type Machine, TlbField } from '@shootdown/core';
import { Owed } from './bits.js';
import type { Debts } from './debts.js';

/** Reports C1 in the form `exposed`, and C4 when what the CPU may use came back after it had been invalidated. */
export function reportExposed(machine: Machine, debts: Debts, cpu: number): void {
  const pcid = machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number;
  const page = debts.pageOwing(machine, cpu, pcid, Owed.overdue);
  const place = `page ${page} of PCID ${pcid}`;
  const owed = machine.state[machine.layout.tlbSlot(cpu, pcid, page) + TlbField.owed] as number;
  if ((owed & Owed.refilled) !== 0) {
    machine.report(
      'C4',
      'refilled',
      cpu,
      `CPU ${cpu} cached the revoked translation of ${place} without an invalidation to follow`,
    );
  }
  machine.report(
    'C1',
    'exposed',
    cpu,
    `CPU ${cpu} can use ${place} and still owes its invalidation to a flush that gave its guarantee`,
  );
}
