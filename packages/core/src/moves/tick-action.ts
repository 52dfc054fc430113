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
    const { timer } = machine.boot.system;
    if (timer === undefined) return false;
    const block = machine.layout.cpu(cpu);
    const busy = (machine.state[block + CpuField.irr] as number) | (machine.state[block + CpuField.isr] as number);
    return (busy & (1 << timer)) === 0 && isInStep(machine, cpu);
  },
  apply(machine, cpu) {
    const irr = machine.layout.cpu(cpu) + CpuField.irr;
    machine.state[irr] = (machine.state[irr] as number) | (1 << (machine.boot.system.timer ?? 0));
  },
  text: () => 'the local timer runs down',
};

/**
 * A word for each pair of CPUs. Its low half: ticks that the one has begun since the other began the last tick that it has handled to
 * its end. Its high half: the same since the other began the tick that it handles now. The word of a CPU with itself says whether it
 * handles one.
 */
const HALF = 16;
const LOW_HALF = 0xffff;

function isInStep({ boot, layout, state }: Machine, cpu: number): boolean {
  const { maximumTickSkew } = boot.system;
  if (maximumTickSkew === undefined) return true;
  for (let other = 0; other < layout.cpuCount; other++) {
    if (other === cpu) continue;
    if (((state[layout.tickLead(cpu, other)] as number) & LOW_HALF) >= maximumTickSkew) return false;
  }
  return true;
}

/** The CPU takes a tick: it is one further ahead of every other one. */
export function beginTick({ boot, layout, state }: Machine, cpu: number): void {
  if (boot.system.maximumTickSkew === undefined) return;
  for (let other = 0; other < layout.cpuCount; other++) {
    if (other === cpu) continue;
    const isHandling = state[layout.tickLead(other, other)] as number;
    const ahead = layout.tickLead(cpu, other);
    state[ahead] = (state[ahead] as number) + 1 + (isHandling << HALF);
    const behind = layout.tickLead(other, cpu);
    state[behind] = (state[behind] as number) & LOW_HALF;
  }
  state[layout.tickLead(cpu, cpu)] = 1;
}

/** The handler of an interrupt has ended: if it was a tick's, the others are ahead only by what they have begun since it began. */
export function endTick({ boot, layout, state }: Machine, cpu: number): void {
  if (boot.system.maximumTickSkew === undefined || state[layout.tickLead(cpu, cpu)] === 0) return;
  for (let other = 0; other < layout.cpuCount; other++) {
    const ahead = layout.tickLead(other, cpu);
    state[ahead] = other === cpu ? 0 : (state[ahead] as number) >> HALF;
  }
}
