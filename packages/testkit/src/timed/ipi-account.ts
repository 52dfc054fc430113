import { CpuField, type Machine, replayMove, type Schedule } from '@shootdown/core';
import { settle } from './settle.js';

/** What became of the IPIs of a run. */
export interface IpiAccount {
  readonly sent: number;
  /** Arrived at a local APIC, those included that found their vector pending. */
  readonly arrived: number;
  /** CPUs with an IPI that never led to a handler, once everything has come to rest. */
  readonly waiting: readonly string[];
  /** A handler went on for ever. */
  readonly isRestless: boolean;
}

/** Repeats a run and counts; then lets what is under way come to its end. */
export function ipiAccount(machine: Machine, schedule: Schedule): IpiAccount {
  let [sent, arrived, before] = [0, 0, 0];
  const count = (): void => {
    const now = inFlight(machine);
    if (now > before) sent += now - before;
    else arrived += before - now;
    before = now;
  };
  for (let index = 0; index < schedule.length; index++) {
    replayMove(machine, schedule, index);
    count();
  }
  const isRestless = !settle(machine);
  count();
  return { sent, arrived, waiting: waiting(machine), isRestless };
}

function inFlight({ layout, state }: Machine): number {
  let total = 0;
  for (let cpu = 0; cpu < layout.cpuCount; cpu++) {
    const first = layout.cpu(cpu) + layout.inFlight;
    for (let vector = 0; vector < layout.vectorCount; vector++) total += state[first + vector] as number;
  }
  return total;
}

function waiting({ layout, state, boot }: Machine): readonly string[] {
  return Array.from({ length: layout.cpuCount }, (_, cpu) => cpu).flatMap((cpu) => {
    const irr = state[layout.cpu(cpu) + CpuField.irr] as number;
    const names = boot.vectors.flatMap(({ name }, vector) => ((irr & (1 << vector)) === 0 ? [] : [name]));
    return names.length === 0 ? [] : [`CPU ${cpu} (${names.join(', ')})`];
  });
}
