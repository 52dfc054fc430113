import { CpuField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import type { MachineAction } from './machine-action.js';

/**
 * The local APIC's timer has run down and sets its vector's bit in the IRR. One tick of a CPU at a time: the next one comes when
 * the handler of the last one has written EOI. Where ticks keep in step, none comes to a CPU that is far enough ahead.
 */
export const tick: MachineAction = {
  name: 'tick',
  choices: () => 1,
  enabled(machine, cpu) {
    const { timer, maximumTickSkew } = machine.boot.system;
    if (timer === undefined) return false;
    const block = machine.layout.cpu(cpu);
    const busy = (machine.state[block + CpuField.irr] as number) | (machine.state[block + CpuField.isr] as number);
    if ((busy & (1 << timer)) !== 0) return false;
    return maximumTickSkew === undefined || (machine.state[machine.layout.tickLead + cpu] as number) < maximumTickSkew;
  },
  apply(machine, cpu) {
    const irr = machine.layout.cpu(cpu) + CpuField.irr;
    machine.state[irr] = (machine.state[irr] as number) | (1 << (machine.boot.system.timer ?? 0));
  },
  text: () => 'the local timer runs down',
};

/** The CPU takes a tick: it is one further ahead, or all the others are one nearer. */
export function countTick(machine: Machine, cpu: number): void {
  const { tickLead, cpuCount } = machine.layout;
  if (machine.boot.system.maximumTickSkew === undefined) return;
  machine.state[tickLead + cpu] = (machine.state[tickLead + cpu] as number) + 1;
  for (let other = 0; other < cpuCount; other++) if (machine.state[tickLead + other] === 0) return;
  for (let other = 0; other < cpuCount; other++)
    machine.state[tickLead + other] = (machine.state[tickLead + other] as number) - 1;
}
