import { Action, CpuField, FIRST_ACTION, type Machine, MACHINE_ACTIONS } from '@shootdown/core';
import type { Arrivals } from './arrivals.js';
import { isInterruptible } from './enabled.js';
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
 * What was due by itself before the end and has not been made: interrupts, drains, INVLPGBs, and code of the kernel that nothing keeps from going on. A
 * run that needs them to be late needs that much luck. An IPI that arrives is seen by nobody before it is taken.
 */
export function unmadeBy(left: Left): readonly UnmadeMove[] {
  const cpus = Array.from({ length: left.machine.layout.cpuCount }, (_, cpu) => cpu);
  return cpus.flatMap((cpu) => [
    ...untaken(left, cpu),
    ...undrained(left, cpu),
    ...unfinished(left, cpu),
    ...halfway(left, cpu),
  ]);
}

/** Of an interrupt that has arrived the whole time that the CPU goes on counts, of an IPI on its way what its flight does not explain. */
function untaken({ machine, clock, timing, arrivals }: Left, cpu: number): readonly UnmadeMove[] {
  const { freePs } = clock.program(cpu);
  const takenPs = (firstPs: number): number => timing.endPs(cpu, FIRST_ACTION + Action.takeInterrupt, firstPs);
  const firstPs = clock.takeable.firstPs(cpu, freePs);
  if (firstPs >= 0) return late(cpu, 'interrupt', takenPs(firstPs), clock.nowPs);
  if (!isInterruptible(machine, cpu)) return [];
  const arrivalsPs = Array.from({ length: machine.layout.vectorCount }, (_, vector) => arrivals.ipi(cpu, vector));
  const arrivalPs = Math.min(...arrivalsPs);
  return Number.isFinite(arrivalPs) ? late(cpu, 'ipi', takenPs(Math.max(arrivalPs, freePs)), clock.nowPs) : [];
}

function undrained({ machine, clock, timing }: Left, cpu: number): readonly UnmadeMove[] {
  if (machine.state[machine.layout.cpu(cpu) + CpuField.bufferCount] === 0) return [];
  const { freePs } = clock.engines[engineNumber(cpu, Engine.storeBuffer)] as { freePs: number };
  const beginPs = Math.max(freePs, clock.oldestStorePs(cpu));
  return late(cpu, 'storeBuffer', timing.endPs(cpu, FIRST_ACTION + Action.drain, beginPs), clock.nowPs);
}

/** INVLPGBs that the CPU could have carried out. */
function unfinished({ machine, clock, arrivals }: Left, cpu: number): readonly UnmadeMove[] {
  const { cpuCount, broadcasts } = machine.layout;
  const choices = Array.from({ length: cpuCount * broadcasts }, (_, choice) => choice);
  return choices
    .filter((choice) => MACHINE_ACTIONS[Action.finishBroadcast]?.enabled(machine, cpu, choice) === true)
    .flatMap((choice) => late(cpu, 'broadcast', arrivals.invlpgb(cpu, choice), clock.nowPs));
}

function halfway({ machine, clock, timing }: Left, cpu: number): readonly UnmadeMove[] {
  if (machine.inUserMode(cpu) || !machine.canExecute(cpu)) return [];
  const opcode = machine.runner.operands[machine.pending(cpu)] as number;
  return late(cpu, 'kernel', timing.endPs(cpu, opcode, clock.program(cpu).freePs), clock.nowPs);
}

function late(cpu: number, holder: UnmadeMove['holder'], duePs: number, nowPs: number): readonly UnmadeMove[] {
  return duePs < nowPs ? [{ cpu, holder, heldPs: nowPs - duePs }] : [];
}
