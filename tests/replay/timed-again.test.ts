import type { ExplorerMachineOptions } from '@shootdown/checker';
import {
  costTable,
  LiveRunner,
  Machine,
  type MachineProfile,
  machineProfile,
  randomStream,
  Schedule,
  Topology,
} from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import { Directory, Simulator, TlbGeometry, timeSchedule } from '@shootdown/simulator';
import fc from 'fast-check';
import { builtInStrategies } from 'shootdown';
import { describe, expect, it } from 'vitest';
import { factoryOf, programs, type RandomMachine } from '../kit/random-machine.js';
import { bootCell, type TimedCell } from '../kit/timed.js';

/** Also notes when each move was made. */
class TimedLog extends Schedule {
  readonly times: number[] = [];
  clock: () => number = () => 0;

  override add(cpu: number, move: number, choice: number, result: number): void {
    super.add(cpu, move, choice, result);
    this.times.push(this.clock());
  }
}

const boot = (cell: TimedCell): Machine => {
  const { boot: booted, monitor } = bootCell(cell);
  return new Machine(booted, { monitor });
};

/** A run of the simulator itself, with IPIs that all take what they take on average. */
function simulate(machine: Machine, profile: MachineProfile): TimedLog {
  const costs = costTable(profile, { ipiJitterCycles: 0 });
  const topology = new Topology(profile.topology);
  const { layout } = machine;
  const schedule = new TimedLog();
  const simulator = new Simulator({
    machine,
    costs,
    topology,
    directory: new Directory(topology, costs, (machine.boot.memory.size >> 3) + 1, layout.cpuCount),
    geometry: new TlbGeometry(layout.cpuCount, profile.tlb, layout.pages),
    random: randomStream(1, 'machine'),
    isXapic: profile.features.apic === 'xapic-flat',
    schedule,
    ...(machine.boot.system.timer === undefined ? {} : { tickPs: 1e9 }),
  });
  schedule.clock = () => simulator.nowPs;
  simulator.run({ maxTimePs: 1e12, maxOps: 1e6 });
  return schedule;
}

const SCENARIOS = ['madvise', 'munmap', 'mprotect', 'kswapd', 'lazy', 'idle'];

describe('the schedule of a timed run, timed again', () => {
  it.each(
    builtInStrategies.strategies.flatMap((strategy) =>
      SCENARIOS.map((scenario) => [strategy.name, scenario, strategy] as const),
    ),
  )('%s, %s: every move comes at the same picosecond, and nothing is held back', (_name, scenario, strategy) => {
    const machine = strategy.requires?.includes('invlpgb') === true ? 'milan' : 'haswell';
    const profile = machineProfile(machine);
    for (const threads of [2, 4]) {
      const variant = { title: strategy.name, strategy, options: resolveOptions(strategy, {}) };
      const cell: TimedCell = { variant, scenario, machine, threads };
      const schedule = simulate(boot(cell), profile);
      const { moves, beginPs } = timeSchedule({ schedule, makeMachine: () => boot(cell), profile, warmUps: 0 });
      expect(moves.map(({ endPs }) => endPs)).toEqual(schedule.times);
      expect(beginPs.every((ps) => ps === 0)).toBe(true);
      expect(moves.filter(({ heldPs }) => heldPs > 0)).toEqual([]);
    }
  });
});

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

describe('the schedule of random programs, timed again', () => {
  it.each(['haswell', 'milan'])('%s: every move comes at the same picosecond', { timeout: 60_000 }, (name) => {
    const profile = machineProfile(name);
    fc.assert(
      fc.property(programs.map(plain), (spec) => {
        const makeMachine = (): Machine => factoryOf(spec)(LIVE);
        const schedule = simulated(makeMachine(), profile);
        fc.pre(schedule !== undefined);
        const { moves } = timeSchedule({ schedule, makeMachine, profile, warmUps: 0 });
        expect(moves.map(({ endPs }) => endPs)).toEqual(schedule.times);
        expect(moves.filter(({ heldPs }) => heldPs > 0)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
