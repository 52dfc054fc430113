import {
  type Boot,
  type CostTable,
  costTable,
  LiveRunner,
  Machine,
  type MachineProfile,
  type Monitor,
  Opcode,
  OPCODE_NAMES,
  type ParameterOverrides,
  randomStream,
  Schedule,
  Topology,
} from '@shootdown/core';
import { Accounting, ALL_PHASES } from './accounting.js';
import type { DebtTimes } from './debt-times.js';
import { Directory, type DirectoryCounters } from './directory.js';
import { exactPhases } from './exact-phases.js';
import type { LatencySummary } from './samples.js';
import { type RunLimits, Simulator, type SimulatorParts } from './simulator.js';
import { TlbGeometry } from './tlb-geometry.js';
import type { TimedViolation } from './violation-log.js';

/** A booted kernel with its threads, ready to be timed. */
export interface TimedWorkload {
  readonly boot: Boot;
  readonly monitor: Monitor;
  /** Told by the monitor when invalidations become owed, overdue and done. */
  readonly debts: DebtTimes;
  /** Program one run of which is one operation. */
  readonly operation: number;
  /** The word of an mm's `tlb_gen`. */
  readonly generation: (mm: number) => number;
  /** Frames that set the phase while they run. */
  readonly framePhases: ReadonlyMap<number, string>;
}

export interface TimedOptions {
  readonly seed: number;
  readonly warmUp: number;
  readonly limits: RunLimits;
  /** Period of the local timers, for strategies that tick. Default 1 ms, the tick of a kernel with HZ=1000. */
  readonly tickNs?: number;
  /** A host that takes virtual CPUs away. Default: they always run. */
  readonly preemption?: { readonly runNs: number; readonly awayNs: number };
  readonly overrides?: ParameterOverrides;
  /** Record every move, for replay and traces. */
  readonly record?: boolean;
}

/** What a run measured. Times are simulated. */
export interface TimedResult {
  readonly latency: LatencySummary;
  readonly meanNs: number;
  /** Nanoseconds per operation by phase; they add up to `meanNs` exactly. */
  readonly phasesNs: Readonly<Record<string, number>>;
  readonly clockMhz: number;
  /** Ops executed in the counted part, by name. */
  readonly opCounts: Readonly<Record<string, number>>;
  readonly ipis: number;
  /** CR3 writes that flush, and INVPCIDs of a whole context, on all CPUs. */
  readonly fullFlushes: number;
  readonly stolenPs: number;
  /** Time from the call of a flush until no CPU owed an invalidation, summed over the operations. */
  readonly stalePs: number;
  /** Time that CPUs executed user code while they owed one to a flush whose guarantee held. */
  readonly exposedPs: number;
  readonly directory: DirectoryCounters;
  readonly violations: readonly TimedViolation[];
  readonly simulatedPs: number;
  readonly ops: number;
  readonly machine: Machine;
  readonly schedule: Schedule | undefined;
}

/** Times a workload on a machine profile. Same arguments, same result to the last bit. */
export function timedRun(workload: TimedWorkload, profile: MachineProfile, options: TimedOptions): TimedResult {
  return prepareRun(workload, profile, options).finish();
}

/** A machine that has been built and not moved yet. `finish` can be called once. */
export interface PreparedRun {
  /** Runs it to its end and measures. */
  finish(): TimedResult;
}

/** The first half of `timedRun`, for those who measure how long each half takes on the host. */
export function prepareRun(workload: TimedWorkload, profile: MachineProfile, options: TimedOptions): PreparedRun {
  const costs = costTable(profile, options.overrides);
  const machine = new Machine(workload.boot, {
    monitor: workload.monitor,
    preemptionBudget: -1,
    runner: (boot, _, contexts, lists) => new LiveRunner(boot, contexts, lists, true),
  });
  const lines = (machine.boot.memory.size >> 3) + 1;
  const directory = new Directory(new Topology(profile.topology), costs, lines, machine.layout.cpuCount);
  const accounting = new Accounting(machine, {
    ...workload,
    warmUp: options.warmUp,
    countingBegins: () => directory.resetCounters(),
  });
  const schedule = options.record === true ? new Schedule() : undefined;
  const simulator = makeSimulator(machine, profile, costs, directory, accounting, options, schedule);
  const { debts } = workload;
  debts.clock = () => simulator.nowPs;
  debts.isCounting = () => accounting.isCounting;
  return {
    finish() {
      simulator.run(options.limits);
      return summarise(workload, machine, costs, accounting, directory, simulator, schedule);
    },
  };
}

function makeSimulator(
  machine: Machine,
  profile: MachineProfile,
  costs: CostTable,
  directory: Directory,
  observer: Accounting,
  options: TimedOptions,
  schedule: Schedule | undefined,
): Simulator {
  return new Simulator({
    machine,
    costs,
    directory,
    observer,
    topology: new Topology(profile.topology),
    geometry: new TlbGeometry(machine.layout.cpuCount, profile.tlb, machine.layout.pages),
    random: randomStream(options.seed, 'machine'),
    isXapic: profile.features.apic === 'xapic-flat',
    ...(schedule === undefined ? {} : { schedule }),
    ...environmentOf(machine, options),
  });
}

/** The tick of a kernel with HZ=1000. */
const TICK_NS = 1e6;

function environmentOf(
  { boot }: Machine,
  { tickNs = TICK_NS, preemption }: TimedOptions,
): Pick<SimulatorParts, 'tickPs' | 'preemption'> {
  return {
    ...(boot.system.timer === undefined ? {} : { tickPs: tickNs * 1000 }),
    ...(preemption === undefined
      ? {}
      : { preemption: { runPs: preemption.runNs * 1000, awayPs: preemption.awayNs * 1000 } }),
  };
}

function summarise(
  { debts }: TimedWorkload,
  machine: Machine,
  costs: CostTable,
  accounting: Accounting,
  directory: Directory,
  simulator: Simulator,
  schedule: Schedule | undefined,
): TimedResult {
  const latency = accounting.latencies.summary();
  const { meanNs, phasesNs } = exactPhases(accounting.phasePs, latency.count);
  return {
    latency,
    meanNs,
    phasesNs: Object.fromEntries(ALL_PHASES.map((name, index) => [name, phasesNs[index] ?? 0])),
    clockMhz: costs.clockMhz,
    opCounts: Object.fromEntries(OPCODE_NAMES.map((name) => [name, accounting.opCounts[Opcode[name]] ?? 0])),
    ipis: accounting.ipis,
    fullFlushes: accounting.fullFlushes,
    stolenPs: accounting.stolenPs,
    stalePs: debts.stalePs,
    exposedPs: debts.exposedPs,
    directory: directory.counters(),
    violations: simulator.violations,
    simulatedPs: simulator.nowPs,
    ops: simulator.ops,
    machine,
    schedule,
  };
}
