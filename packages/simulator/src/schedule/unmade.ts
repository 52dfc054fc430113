import { Action, CpuField, FIRST_ACTION, isInterruptible, MACHINE_ACTIONS, Opcode } from '@shootdown/core';
import type { Driven } from './driven.js';
import { pendingOpcode } from './enabled.js';
import { Engine, engineNumber } from './engines.js';
import type { UnmadeMove } from './schedule-timing.js';

/**
 * What was due by itself before the end and has not been made: interrupts, drains, INVLPGBs, and code of the kernel that nothing keeps from going on. A
 * run that needs them to be late needs that much luck. An IPI that arrives is seen by nobody before it is taken. To find out asks for lines, so
 * nothing can be timed on them afterwards.
 */
export function unmadeBy(after: Driven): readonly UnmadeMove[] {
  const cpus = Array.from({ length: after.machine.layout.cpuCount }, (_, cpu) => cpu);
  return cpus.flatMap((cpu) => [
    ...untaken(after, cpu),
    ...undrained(after, cpu),
    ...unfinished(after, cpu),
    ...halfway(after, cpu),
  ]);
}

/** The interrupt that has arrived, or else the first IPI that is on its way to a CPU that would take it. */
function untaken({ machine, clock, timing, arrivals }: Driven, cpu: number): readonly UnmadeMove[] {
  const { freePs } = clock.program(cpu);
  const takenPs = (firstPs: number): number => timing.endPs(cpu, FIRST_ACTION + Action.takeInterrupt, firstPs);
  const firstPs = clock.takeable.firstPs(cpu, freePs);
  if (firstPs >= 0) return late(cpu, 'interrupt', takenPs(firstPs), clock.nowPs);
  if (!isInterruptible(machine, cpu)) return [];
  const arrivalsPs = Array.from({ length: machine.layout.vectorCount }, (_, vector) => arrivals.ipi(cpu, vector));
  const arrivalPs = Math.min(...arrivalsPs);
  return Number.isFinite(arrivalPs) ? late(cpu, 'ipi', takenPs(Math.max(arrivalPs, freePs)), clock.nowPs) : [];
}

function undrained({ machine, clock, timing }: Driven, cpu: number): readonly UnmadeMove[] {
  if (machine.state[machine.layout.cpu(cpu) + CpuField.bufferCount] === 0) return [];
  const { freePs } = clock.engines[engineNumber(cpu, Engine.storeBuffer)] as { freePs: number };
  const beginPs = Math.max(freePs, clock.oldestStorePs(cpu));
  return late(cpu, 'storeBuffer', timing.endPs(cpu, FIRST_ACTION + Action.drain, beginPs), clock.nowPs);
}

/** INVLPGBs that the CPU could have carried out. */
function unfinished({ machine, clock, arrivals }: Driven, cpu: number): readonly UnmadeMove[] {
  const { cpuCount, broadcasts } = machine.layout;
  const choices = Array.from({ length: cpuCount * broadcasts }, (_, choice) => choice);
  return choices
    .filter((choice) => MACHINE_ACTIONS[Action.finishBroadcast]?.enabled(machine, cpu, choice) === true)
    .flatMap((choice) => late(cpu, 'broadcast', arrivals.invlpgb(cpu, choice), clock.nowPs));
}

function halfway({ machine, clock, timing }: Driven, cpu: number): readonly UnmadeMove[] {
  if (machine.inUserMode(cpu) || !machine.canExecute(cpu)) return [];
  const beginPs = Math.max(clock.program(cpu).freePs, clock.executable.ps(cpu));
  const opcode = pendingOpcode(machine, cpu);
  const duePs = opcode === Opcode.work ? clock.workEndPs(cpu, beginPs) : timing.endPs(cpu, opcode, beginPs);
  return late(cpu, 'kernel', duePs, clock.nowPs);
}

function late(cpu: number, holder: UnmadeMove['holder'], duePs: number, nowPs: number): readonly UnmadeMove[] {
  return duePs < nowPs ? [{ cpu, holder, heldPs: nowPs - duePs }] : [];
}
