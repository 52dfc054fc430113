import { Vcpu } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { endWalk } from '../mmu/tlb.js';
import type { ProgramRef } from '../program/op.js';
import type { MachineAction } from './machine-action.js';

const one = (): number => 1;

/**
 * The host takes the physical CPU away from a virtual one, whatever that one's IF says, and runs its own program there. Vectors
 * that arrive meanwhile stay pending, what the TLB holds of the guest stays (it is tagged, SDM vol. 3 §30.1), buffered stores drain.
 */
export const deschedule: MachineAction = {
  name: 'deschedule',
  choices: one,
  enabled: (machine, cpu) =>
    machine.isVirtual && machine.isRunning(cpu) && machine.state[machine.layout.preemptions] !== 0,
  apply(machine, cpu) {
    const budget = machine.state[machine.layout.preemptions] as number;
    if (budget > 0) machine.state[machine.layout.preemptions] = budget - 1;
    endWalk(machine, cpu);
    runHost(machine, cpu, Vcpu.leaving, machine.boot.system.vcpuPut);
  },
  text: () => 'is descheduled by the host',
};

/** The host runs its program and gives the physical CPU back. */
export const enterVcpu: MachineAction = {
  name: 'enterVcpu',
  choices: one,
  enabled: (machine, cpu) =>
    machine.isVirtual && machine.state[machine.layout.cpu(cpu) + machine.layout.vcpu] === Vcpu.out,
  apply(machine, cpu) {
    runHost(machine, cpu, Vcpu.entering, machine.boot.system.vcpuLoad);
  },
  text: () => 'is scheduled by the host',
};

/** The host's program on this CPU is over: a virtual CPU that goes on in user mode is judged as if it had returned there. */
export function leaveHost(machine: Machine, cpu: number): void {
  const at = machine.layout.cpu(cpu) + machine.layout.vcpu;
  machine.state[at] = machine.state[at] === Vcpu.leaving ? Vcpu.out : Vcpu.running;
  machine.walksChanged(cpu);
  if (machine.inUserMode(cpu)) machine.monitor.exposed(machine, cpu);
}

function runHost(machine: Machine, cpu: number, state: number, program: ProgramRef<[]> | undefined): void {
  machine.state[machine.layout.cpu(cpu) + machine.layout.vcpu] = state;
  if (program === undefined) leaveHost(machine, cpu);
  else machine.runner.start(machine.hostContext(cpu), cpu, program.index, 0, 0, 0);
}
