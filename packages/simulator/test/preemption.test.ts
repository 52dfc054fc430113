import { describe, expect, it } from 'vitest';
import {
  Boot,
  costTable,
  type KernelCpu,
  Machine,
  machineProfile,
  type Program,
  randomStream,
  Topology,
} from '@shootdown/core';
import { Directory } from '../src/directory.js';
import { Simulator } from '../src/simulator.js';
import { TlbGeometry } from '../src/tlb-geometry.js';
import { SMALL } from './small.js';

/** Nanoseconds until a thread has worked for 2500, when each tick puts `above` more above it. */
function workedBeneath(above: number): number {
  const boot = new Boot(SMALL);
  const more = boot.program('above', function* (cpu: KernelCpu, _argument: number, wasUser: number): Program {
    yield* cpu.work(above);
    yield* cpu.resumePreempted(wasUser);
  });
  const handler = boot.program('tick', function* (cpu: KernelCpu): Program {
    yield* cpu.endOfInterrupt();
    yield* cpu.preempt(more, 0);
  });
  boot.system = { timer: boot.vector('timer', handler) };
  const body = boot.program('worker', function* (cpu: KernelCpu): Program {
    yield* cpu.work(2500);
  });
  boot.thread('worker', 0, body, []);
  const profile = machineProfile('haswell');
  const free = { interruptReturnCycles: 0, interruptEntryCycles: 0, eoiCycles: 0, interruptFlagCycles: 0 };
  const costs = costTable(profile, { clockMhz: 1000, ...free });
  const machine = new Machine(boot);
  const topology = new Topology(profile.topology);
  const directory = new Directory(topology, costs, (boot.memory.size >> 3) + 1);
  const geometry = new TlbGeometry(1, profile.tlb, 1);
  const random = randomStream(1, 'machine');
  const simulator = new Simulator({
    machine,
    costs,
    topology,
    directory,
    geometry,
    random,
    isXapic: true,
    tickPs: 1e6,
  });
  simulator.run({ maxTimePs: 1e10, maxOps: 1e5 });
  return simulator.nowPs / 1000;
}

describe('a thread that is preempted at its work', () => {
  it('goes on with what was left of it', () => {
    expect(workedBeneath(300)).toBe(2500 + 3 * 300);
  });
});
