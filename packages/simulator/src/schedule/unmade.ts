import { Action, CpuField, FIRST_ACTION, type Machine } from '@shootdown/core';
import type { Arrivals } from './arrivals.js';
import { Engine, engineNumber } from './engines.js';
import type { MoveTiming } from './move-timing.js';
import type { ScheduleClock } from './schedule-clock.js';
import type { UnmadeMove } from './schedule-timing.js';

/** A schedule after its last move. */
export interface Left {
  readonly machine: Machine;
  readonly clock: ScheduleClock;
  readonly timing: MoveTiming;
  readonly arrivals: Arrivals;
}

/**
 * What was due by itself before the end and has not been made: IPIs, interrupts, drains, and code of the kernel that nothing keeps from
 * going on. A run that needs them to be late needs that much luck.
 */
export function unmadeBy(left: Left): readonly UnmadeMove[] {
  const cpus = Array.from({ length: left.machine.layout.cpuCount }, (_, cpu) => cpu);
  return cpus.flatMap((cpu) => [
    ...flyingTo(left, cpu),
    ...untaken(left, cpu),
    ...undrained(left, cpu),
    ...halfway(left, cpu),
  ]);
}

function flyingTo({ machine, clock, arrivals }: Left, cpu: number): readonly UnmadeMove[] {
  const vectors = Array.from({ length: machine.layout.vectorCount }, (_, vector) => arrivals.ipi(cpu, vector));
  return vectors.flatMap((arrivalPs) => late(cpu, 'ipi', arrivalPs, clock.nowPs));
}

function untaken({ clock }: Left, cpu: number): readonly UnmadeMove[] {
  const firstPs = clock.takeable.firstPs(cpu, clock.program(cpu).freePs);
  return firstPs < 0 ? [] : late(cpu, 'interrupt', firstPs, clock.nowPs);
}

function undrained({ machine, clock, timing }: Left, cpu: number): readonly UnmadeMove[] {
  if (machine.state[machine.layout.cpu(cpu) + CpuField.bufferCount] === 0) return [];
  const { freePs } = clock.engines[engineNumber(cpu, Engine.storeBuffer)] as { freePs: number };
  const beginPs = Math.max(freePs, clock.oldestStorePs(cpu));
  return late(cpu, 'storeBuffer', timing.endPs(cpu, FIRST_ACTION + Action.drain, beginPs), clock.nowPs);
}

function halfway({ machine, clock, timing }: Left, cpu: number): readonly UnmadeMove[] {
  if (machine.inUserMode(cpu) || !machine.canExecute(cpu)) return [];
  const opcode = machine.runner.operands[machine.pending(cpu)] as number;
  return late(cpu, 'kernel', timing.endPs(cpu, opcode, clock.program(cpu).freePs), clock.nowPs);
}

function late(cpu: number, holder: UnmadeMove['holder'], duePs: number, nowPs: number): readonly UnmadeMove[] {
  return duePs < nowPs ? [{ cpu, holder, heldPs: nowPs - duePs }] : [];
}
