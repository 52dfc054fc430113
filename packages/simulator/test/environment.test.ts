import {
  Boot,
  costTable,
  type KernelCpu,
  Machine,
  machineProfile,
  type MachineShape,
  type ParameterOverrides,
  type Program,
  randomStream,
  replay,
  Schedule,
  ShootdownError,
  Topology,
} from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { Directory } from '../src/directory.js';
import { type Preemption, Simulator } from '../src/simulator.js';
import { TlbGeometry } from '../src/tlb-geometry.js';
import { SMALL } from './small.js';

const SHAPE: MachineShape = { ...SMALL, cpuCount: 2, virtual: true };
/** Whole nanoseconds; what is not looked at here costs nothing. */
const COSTS: ParameterOverrides = {
  clockMhz: 1000,
  vmExitCycles: 30,
  vmEntryCycles: 20,
  interruptReturnCycles: 0,
  interruptEntryCycles: 0,
  eoiCycles: 0,
  interruptFlagCycles: 0,
};

interface Environment {
  readonly tickPs?: number;
  readonly preemption?: Preemption;
}

function simulate(makeBoot: () => Boot, environment: Environment, maxTimePs = 1e10) {
  const profile = machineProfile('haswell');
  const costs = costTable(profile, COSTS);
  const topology = new Topology(profile.topology);
  const machine = new Machine(makeBoot(), { preemptionBudget: -1 });
  const schedule = new Schedule();
  const directory = new Directory(topology, costs, (machine.boot.memory.size >> 3) + 1);
  const geometry = new TlbGeometry(SHAPE.cpuCount, profile.tlb, machine.layout.pages);
  const random = randomStream(1, 'machine');
  const parts = { machine, costs, topology, directory, geometry, random, isXapic: true, schedule };
  const simulator = new Simulator({ ...parts, ...environment });
  simulator.run({ maxTimePs, maxOps: 1e5 });
  return { machine, schedule, ns: simulator.nowPs / 1000 };
}

/** CPU 0 works for so many nanoseconds; ticks of both CPUs are counted. */
function worker(ns: number, hasTimer: boolean): () => Boot {
  return () => {
    const boot = new Boot(SHAPE);
    const ticks = boot.records('ticks', ['count'], 2);
    const handler = boot.program('tick', function* (cpu: KernelCpu): Program {
      yield* cpu.endOfInterrupt();
      yield* cpu.fetchAdd(ticks.count(cpu.id), 1);
    });
    if (hasTimer) boot.system = { timer: boot.vector('timer', handler) };
    const body = boot.program('worker', function* (cpu: KernelCpu): Program {
      yield* cpu.work(ns);
    });
    boot.thread('worker', 0, body, []);
    return boot;
  };
}

describe('a host that takes virtual CPUs away', () => {
  it('lets work go on with what is left of it', () => {
    const { ns } = simulate(worker(2500, false), { preemption: { runPs: 1e6, awayPs: 300_000 } });
    const away = 30 + 300 - 30 + 20;
    expect(ns).toBe(500 + away + 30 + 1000 + away + 30 + 1000);
  });

  it('is not there by default', () => {
    expect(simulate(worker(2500, false), {}).ns).toBe(2500);
  });

  it('replays on the abstract machine', () => {
    const makeBoot = worker(5000, true);
    const { machine, schedule } = simulate(makeBoot, { tickPs: 400_000, preemption: { runPs: 7e5, awayPs: 5e5 } });
    const again = new Machine(makeBoot(), { preemptionBudget: -1 });
    replay(again, schedule);
    expect(again.state).toEqual(machine.state);
  });
});

describe('a local timer', () => {
  it('ticks on every CPU once in a period', () => {
    const { machine } = simulate(worker(5500, true), { tickPs: 1e6 });
    const first = machine.boot.memory.regions.find(({ name }) => name === 'ticks')?.start ?? -1;
    expect([machine.state[first], machine.state[first + 8]]).toEqual([5, 5]);
  });

  it('does not keep a run alive that has come to nothing', () => {
    const makeBoot = (): Boot => {
      const boot = worker(1, true)();
      const stuck = boot.program('stuck', function* (cpu: KernelCpu): Program {
        yield* cpu.disableInterrupts();
        yield* cpu.waitUntil(boot.frameRecords.data(0), 'equal', 1);
      });
      boot.thread('stuck', 1, stuck, []);
      return boot;
    };
    expect(() => simulate(makeBoot, { tickPs: 1e6 }, 1e8)).toThrow(ShootdownError);
    expect(() => simulate(makeBoot, { tickPs: 1e6 }, 1e8)).toThrow(/100 µs of simulated time/);
  });
});
