import { costTable, type Machine, type MachineProfile, randomStream, Schedule, Topology } from '@shootdown/core';
import { Directory, Simulator, TlbGeometry } from '@shootdown/simulator';

/** Also notes when each move was made. */
export class TimedLog extends Schedule {
  readonly times: number[] = [];
  clock: () => number = () => 0;

  override add(cpu: number, move: number, choice: number, result: number): void {
    super.add(cpu, move, choice, result);
    this.times.push(this.clock());
  }
}

/** A run of the simulator itself, with IPIs that all take what they take on average. */
export function simulate(machine: Machine, profile: MachineProfile): TimedLog {
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
