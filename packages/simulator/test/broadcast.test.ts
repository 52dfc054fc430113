import {
  Boot,
  costTable,
  type KernelCpu,
  Machine,
  machineProfile,
  type MachineShape,
  makePte,
  type ParameterOverrides,
  type Program,
  Pte,
  randomStream,
  replay,
  Schedule,
  Topology,
} from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { Directory } from '../src/directory.js';
import { Simulator } from '../src/simulator.js';
import { TlbGeometry } from '../src/tlb-geometry.js';

const SHAPE: MachineShape = {
  cpuCount: 4,
  virtualPages: 4,
  levels: 4,
  levelBits: 9,
  tables: 4,
  frames: 8,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 42,
  clusterSize: 8,
  icrWriteDrainsStores: true,
  broadcast: { outstanding: 2, pagesPerInvlpgb: 4, globalAsids: 0 },
};
/** Costs of whole nanoseconds; ending a thread takes none. */
const COSTS: ParameterOverrides = {
  clockMhz: 1000,
  invlpgbCycles: 10,
  tlbsyncCycles: 5,
  broadcastSocketNs: 600,
  broadcastRemoteExtraNs: 0,
  broadcastPageNs: 20,
  broadcastBusyNs: 100,
  interruptReturnCycles: 0,
};

function newBoot(): Boot {
  const boot = new Boot(SHAPE);
  for (let level = 0; level < 3; level++)
    boot.memory.initial(boot.tableEntry(level, 0), makePte(level + 1, Pte.writable));
  for (let page = 0; page < 4; page++) boot.memory.initial(boot.tableEntry(3, page), makePte(page, Pte.writable));
  return boot;
}

/** Each of the first CPUs runs one of the bodies. */
function bootOf(...bodies: ((cpu: KernelCpu) => Program)[]): Boot {
  const boot = newBoot();
  bodies.forEach((body, cpu) => {
    boot.thread(`P${cpu}`, cpu, boot.program(`P${cpu}`, body), []);
  });
  return boot;
}

function simulate(makeBoot: () => Boot, overrides: ParameterOverrides = {}, sockets = 1) {
  const profile = machineProfile('haswell');
  const costs = costTable(profile, { ...COSTS, ...overrides });
  const topology = new Topology({ sockets, complexesPerSocket: 1, coresPerComplex: 4 / sockets, threadsPerCore: 1 });
  const machine = new Machine(makeBoot());
  const schedule = new Schedule();
  const directory = new Directory(topology, costs, (machine.boot.memory.size >> 3) + 1);
  const geometry = new TlbGeometry(SHAPE.cpuCount, profile.tlb, machine.layout.pages);
  const random = randomStream(1, 'machine');
  const simulator = new Simulator({ machine, costs, topology, directory, geometry, random, isXapic: true, schedule });
  simulator.run({ maxTimePs: 1e10, maxOps: 1e5 });
  return { machine, schedule, geometry, ns: simulator.nowPs / 1000 };
}

function* flush(cpu: KernelCpu, pages = 1): Program {
  yield* cpu.invlpgb(0, 0, pages);
  yield* cpu.tlbsync();
}

describe('a broadcast invalidation', () => {
  it('takes the INVLPGB, the time until the CPUs have carried it out, and the TLBSYNC', () => {
    expect(simulate(() => bootOf((cpu) => flush(cpu))).ns).toBe(10 + 600 + 5);
    expect(simulate(() => bootOf((cpu) => flush(cpu, 3))).ns).toBe(10 + 600 + 2 * 20 + 5);
  });

  it('of two CPUs at once sets out one after the other', () => {
    expect(
      simulate(() =>
        bootOf(
          (cpu) => flush(cpu),
          (cpu) => flush(cpu),
        ),
      ).ns,
    ).toBe(10 + 100 + 600 + 5);
  });

  it('waits for room before one more than the machine has places for', () => {
    const three = function* (cpu: KernelCpu): Program {
      for (let i = 0; i < 3; i++) yield* cpu.invlpgb(0, 0, 1);
      yield* cpu.tlbsync();
    };
    expect(simulate(() => bootOf(three)).ns).toBe(10 + 600 + 10 + 600 + 5);
  });

  it('lets its CPU take interrupts during TLBSYNC', () => {
    const makeBoot = (): Boot => {
      const boot = newBoot();
      const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
        yield* cpu.endOfInterrupt();
        yield* cpu.userStore(3, 1);
      });
      const vector = boot.vector('knock', handler);
      boot.thread(
        'P0',
        0,
        boot.program('P0', (cpu) => flush(cpu)),
        [],
      );
      const knock = boot.program('P1', function* (cpu: KernelCpu): Program {
        yield* cpu.sendIpi(0, vector);
      });
      boot.thread('P1', 1, knock, []);
      return boot;
    };
    const { machine, ns } = simulate(makeBoot, { broadcastSocketNs: 5000 });
    expect(machine.state[machine.frameWord(3)]).toBe(1);
    expect(ns).toBe(10 + 5000 + 5);
  });

  it('takes its pages out of the TLB geometry of every CPU', () => {
    const reader = function* (cpu: KernelCpu): Program {
      for (let page = 0; page < 3; page++) yield* cpu.userLoad(page);
      yield* cpu.work(100_000);
    };
    const flusher = function* (cpu: KernelCpu): Program {
      yield* cpu.work(50_000);
      yield* flush(cpu, 2);
    };
    expect(simulate(() => bootOf(flusher, reader)).geometry.held(1)).toBe(1);
  });

  it('takes longer when the machine has another socket', () => {
    const both = simulate(() => bootOf((cpu) => flush(cpu)), { broadcastRemoteExtraNs: 150 }, 2);
    expect(both.ns).toBe(10 + 600 + 150 + 5);
  });

  it('replays on the abstract machine, and waits for stores through what it drops', () => {
    const writer = function* (cpu: KernelCpu): Program {
      for (let i = 0; i < 40; i++) {
        yield* cpu.userStore(i % 4, i);
        yield* cpu.work(7 * cpu.id);
      }
    };
    const flusher = function* (cpu: KernelCpu): Program {
      for (let i = 0; i < 40; i++) {
        yield* flush(cpu, (i % 4) + 1);
        yield* cpu.work(500 * (cpu.id + 1));
      }
    };
    const makeBoot = (): Boot => bootOf(flusher, writer, writer, flusher);
    for (const broadcastSocketNs of [5, 33, 150]) {
      const { machine, schedule } = simulate(makeBoot, {
        broadcastSocketNs,
        broadcastBusyNs: 3,
        transferComplexNs: 400,
      });
      const again = new Machine(makeBoot());
      replay(again, schedule);
      expect(again.state).toEqual(machine.state);
    }
  });
});
