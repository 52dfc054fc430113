import { CpuField } from './layout.js';
import type { Machine } from './machine.js';

/** An IPI with this vector is on its way to the CPU; several may be. */
export function launchIpi(machine: Machine, cpu: number, vector: number): void {
  const slot = machine.layout.cpu(cpu) + machine.layout.inFlight + vector;
  machine.state[slot] = (machine.state[slot] as number) + 1;
}

/** An IPI on its way sets its bit in the IRR; a bit that is set already absorbs it (SDM vol. 3 §11.8.4). */
export function acceptIpi(machine: Machine, cpu: number, vector: number): void {
  const block = machine.layout.cpu(cpu);
  const slot = block + machine.layout.inFlight + vector;
  machine.state[slot] = (machine.state[slot] as number) - 1;
  machine.state[block + CpuField.irr] = (machine.state[block + CpuField.irr] as number) | (1 << vector);
}

/** The vector the local APIC would hand to the core: the highest requested one above all in service; -1 if none (SDM vol. 3 §11.8.3). */
export function deliverableVector(machine: Machine, cpu: number): number {
  const block = machine.layout.cpu(cpu);
  const requested = highestBit(machine.state[block + CpuField.irr] as number);
  return requested > highestBit(machine.state[block + CpuField.isr] as number) ? requested : -1;
}

/** The core takes the vector: IRR → ISR. */
export function beginService(machine: Machine, cpu: number, vector: number): void {
  const block = machine.layout.cpu(cpu);
  machine.state[block + CpuField.irr] = (machine.state[block + CpuField.irr] as number) & ~(1 << vector);
  machine.state[block + CpuField.isr] = (machine.state[block + CpuField.isr] as number) | (1 << vector);
}

/** EOI: the highest vector in service is done (SDM vol. 3 §11.8.5). */
export function endService(machine: Machine, cpu: number): void {
  const block = machine.layout.cpu(cpu);
  const inService = machine.state[block + CpuField.isr] as number;
  if (inService !== 0) machine.state[block + CpuField.isr] = inService & ~(1 << highestBit(inService));
}

function highestBit(bits: number): number {
  return 31 - Math.clz32(bits);
}
