import type { ExplorerMachineOptions } from '@shootdown/checker';
import { LiveRunner, type Machine, type MachineProfile, machineProfile } from '@shootdown/core';
import { timeSchedule } from '@shootdown/simulator';
import fc from 'fast-check';
import { expect } from 'vitest';
import { factoryOf, programs, type RandomMachine } from '../kit/random-machine.js';
import { simulate, type TimedLog } from './simulate.js';

/**
 * Not in these programs: locked ops, which the simulator lets others pass between the grant of the line and their effect, and page tables,
 * whose walks come whenever they may.
 */
const LEFT_OUT = /exchange|compareExchange|lock|take|userLoad|userStore|setPte|clearPte/;

/** They begin together: the first CPU of the simulator would run ahead of those that have not begun. */
function plain(spec: RandomMachine): RandomMachine {
  type Body = RandomMachine['handler'];
  const without = (body: Body): Body => body.filter(({ kind }) => !LEFT_OUT.test(kind));
  const last = spec.threads.length - 1;
  const threads = spec.threads.map((body, cpu) => [
    { kind: cpu === last ? ('store' as const) : ('wait' as const), a: 0, b: 0 },
    ...without(body),
  ]);
  const { preempting, scheduled } = spec;
  return {
    ...spec,
    sequentiallyConsistent: false,
    nmiBudget: 0,
    probeBudget: 0,
    threads,
    handler: without(spec.handler),
    preempting: preempting && without(preempting),
    scheduled: scheduled && without(scheduled),
  };
}

const LIVE: ExplorerMachineOptions = {
  runner: (boot, _memory, contexts, lists) => new LiveRunner(boot, contexts, lists),
  runnerWordsPerContext: 0,
};

/** Undefined when the programs come to no end. */
function simulated(machine: Machine, profile: MachineProfile): TimedLog | undefined {
  try {
    return simulate(machine, profile);
  } catch {
    return undefined;
  }
}

/** Runs random programs in the simulator, and the schedules of these runs in time: every move comes at the same picosecond. */
export function compareTimes(machine: string, runs: fc.Parameters<[RandomMachine]>): void {
  const profile = machineProfile(machine);
  const property = fc.property(programs.map(plain), (spec) => {
    const makeMachine = (): Machine => factoryOf(spec)(LIVE);
    const schedule = simulated(makeMachine(), profile);
    fc.pre(schedule !== undefined);
    const { moves } = timeSchedule({ schedule, makeMachine, profile, warmUps: 0 });
    expect(moves.map(({ endPs }) => endPs)).toEqual(schedule.times);
    expect(moves.filter(({ heldPs }) => heldPs > 0)).toEqual([]);
  });
  fc.assert(property, runs);
}
