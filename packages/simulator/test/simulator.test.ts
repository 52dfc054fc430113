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
};
const LIMITS = { maxTimePs: 1e10, maxOps: 1e5 };

/** An IPI round trip: the initiator stores a request, sends, waits for the answer; the target's handler takes a fault-free user store along. */
function pingPong(rounds: number): Boot {
  const boot = new Boot(SHAPE);
  const words = boot.records('ping', ['request', 'answer'], 1);
  for (let level = 0; level < 3; level++)
    boot.memory.initial(boot.tableEntry(level, 0), makePte(level + 1, Pte.writable));
  for (let page = 0; page < 4; page++) boot.memory.initial(boot.tableEntry(3, page), makePte(page, Pte.writable));
  const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
    yield* cpu.endOfInterrupt();
    const request = yield* cpu.load(words.request(0));
    yield* cpu.store(words.answer(0), request);
  });
  const vector = boot.vector('ping', handler);
  const initiator = boot.program('initiator', function* (cpu: KernelCpu, round: number): Program {
    yield* cpu.store(words.request(0), round);
    yield* cpu.sendIpi(1, vector);
    yield* cpu.waitUntil(words.answer(0), 'equal', round);
    if (round < rounds) return yield* cpu.become(initiator, round + 1);
  });
  const busy = boot.program('busy', function* (cpu: KernelCpu): Program {
    yield* cpu.userStore(cpu.id, 1);
    yield* cpu.work(10_000);
    return yield* cpu.become(busy);
  });
  boot.thread('initiator', 0, initiator, [1]);
  for (let cpu = 1; cpu < 4; cpu++) boot.thread(`busy ${cpu}`, cpu, busy, [], { user: true, daemon: true });
  return boot;
}

function simulate(
  workload: number | (() => Boot),
  seed = 1,
  overrides: ParameterOverrides = {},
): { machine: Machine; schedule: Schedule; simulator: Simulator } {
  const profile = machineProfile('haswell');
  const costs = costTable(profile, overrides);
  const topology = new Topology(profile.topology);
  const machine = new Machine(typeof workload === 'number' ? pingPong(workload) : workload());
  const schedule = new Schedule();
  const directory = new Directory(topology, costs, (machine.boot.memory.size >> 3) + 1);
  const geometry = new TlbGeometry(SHAPE.cpuCount, profile.tlb, machine.layout.pages);
  const simulator = new Simulator({
    machine,
    costs,
    topology,
    directory,
    geometry,
    random: randomStream(seed, 'machine'),
    isXapic: true,
    schedule,
  });
  simulator.run(LIMITS);
  return { machine, schedule, simulator };
}

describe('Simulator', () => {
  it('takes the time of ICR write, delivery, handler and answer for an IPI round trip', () => {
    const one = simulate(1).simulator.nowPs;
    const ten = simulate(10).simulator.nowPs;
    const roundTripNs = (ten - one) / 9000;
    expect(roundTripNs).toBeGreaterThan(935 / 3.5);
    expect(roundTripNs).toBeLessThan(2 * (935 / 3.5) + 200);
  });

  it('takes interrupts on a machine whose entry costs nothing', () => {
    expect(simulate(3, 1, { interruptEntryCycles: 0 }).machine.isFinished(0)).toBe(true);
  });

  it('replays on the abstract machine with equal values and ends in the same state', () => {
    const { machine, schedule } = simulate(20);
    const again = new Machine(pingPong(20));
    replay(again, schedule);
    expect(again.state).toEqual(machine.state);
  });

  it('lets an ICR write wait for older stores where the machine says so', () => {
    const mailbox = (): Boot => {
      const boot = new Boot(SHAPE);
      const boxes = boot.records('mailbox', ['request'], 8, { home: (box) => box % 4 });
      const done = boot.records('done', ['flag'], 1);
      const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
        yield* cpu.endOfInterrupt();
        yield* cpu.store(done.flag(0), yield* cpu.load(boxes.request(7)));
      });
      const vector = boot.vector('mail', handler);
      const sender = boot.program('sender', function* (cpu: KernelCpu): Program {
        for (let box = 0; box < 8; box++) yield* cpu.store(boxes.request(box), 1);
        yield* cpu.sendIpi(1, vector);
        yield* cpu.waitUntil(done.flag(0), 'equal', 1);
      });
      const busy = boot.program('busy', function* (cpu: KernelCpu): Program {
        yield* cpu.work(10_000);
        return yield* cpu.become(busy);
      });
      boot.thread('sender', 0, sender, []);
      boot.thread('busy', 1, busy, [], { user: true, daemon: true });
      return boot;
    };
    const { machine, schedule } = simulate(mailbox);
    const again = new Machine(mailbox());
    replay(again, schedule);
    expect(again.state).toEqual(machine.state);
  });

  it('gives the same schedule for the same seed, another for another', () => {
    const moves = (seed: number): number[] => {
      const { schedule, simulator } = simulate(10, seed);
      return [schedule.length, simulator.nowPs];
    };
    expect(moves(1)).toEqual(moves(1));
    expect(moves(1)).not.toEqual(moves(2));
  });

  it('names who waits when nothing can move', () => {
    const boot = new Boot(SHAPE);
    const words = boot.records('never', ['flag'], 1);
    boot.thread(
      't',
      0,
      boot.program('waiter', function* (cpu: KernelCpu): Program {
        yield* cpu.waitUntil(words.flag(0), 'equal', 1);
      }),
      [],
    );
    const profile = machineProfile('haswell');
    const costs = costTable(profile);
    const topology = new Topology(profile.topology);
    const machine = new Machine(boot);
    const directory = new Directory(topology, costs, 10_000);
    const geometry = new TlbGeometry(4, profile.tlb, 4);
    const simulator = new Simulator({
      machine,
      costs,
      topology,
      directory,
      geometry,
      random: randomStream(1, 'm'),
      isXapic: true,
    });
    expect(() => simulator.run(LIMITS)).toThrow(
      expect.objectContaining({ code: 'DEADLOCK', message: expect.stringContaining('never.flag') }),
    );
  });
});
