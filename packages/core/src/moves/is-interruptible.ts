import { CpuField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';

/** The CPU would take an interrupt that arrived: IF=1, and no handler is running (SDM vol. 3 §7.8.1). */
export function isInterruptible(machine: Machine, cpu: number): boolean {
  const block = machine.layout.cpu(cpu);
  const busy =
    (machine.state[block + CpuField.interruptActive] as number) | (machine.state[block + CpuField.nmiActive] as number);
  return busy === 0 && machine.state[block + CpuField.interruptFlag] !== 0 && machine.isRunning(cpu);
}
