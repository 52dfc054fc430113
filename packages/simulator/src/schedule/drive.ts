import { type CostTable, type MachineProfile, randomStream, Topology } from '@shootdown/core';
import type { KernelCosts } from '@shootdown/kernel';
import type { Directory } from '../directory.js';
import { InterruptTiming } from '../interrupt-timing.js';
import { profileKernelCosts } from '../profile-kernel-costs.js';
import { Arrivals } from './arrivals.js';
import type { Conflicts } from './conflicts.js';
import { MoveTiming } from './move-timing.js';
import { ScheduleClock } from './schedule-clock.js';
import type { ScheduleRequest } from './schedule-request.js';
import type { Driven } from './driven.js';

/** What every run of a schedule has in common. */
export interface DriveParts {
  readonly conflicts: Conflicts;
  readonly costs: CostTable;
  /** The lines as they are when it begins. */
  readonly directory: Directory;
}

/** One run from this time on, in which each CPU begins so much later. */
export function drive(
  { schedule, makeMachine, profile }: ScheduleRequest,
  { conflicts, costs, directory }: DriveParts,
  startPs: number,
  beginPs: readonly number[],
): Driven {
  const machine = makeMachine(scheduleCosts(profile));
  const topology = new Topology(profile.topology);
  const interrupts = new InterruptTiming(costs, topology, randomStream(1, 'machine'));
  const timing = new MoveTiming(machine, profile, costs, directory, interrupts);
  const arrivals = new Arrivals(machine, costs, topology, interrupts);
  const begins = beginPs.map((ps) => startPs + ps);
  const clock = new ScheduleClock({ machine, schedule, conflicts, timing, arrivals, beginPs: begins });
  clock.run();
  return { machine, clock, timing, arrivals };
}

/**
 * The kernel looks whether a fault is the first one of an operation only where that makes a difference, and a schedule that was found without
 * costs has no moves for it. An explored operation faults once, so every fault is a first one.
 */
function scheduleCosts(profile: MachineProfile): KernelCosts {
  const costs = profileKernelCosts(profile);
  return { ...costs, perPageFaultCycles: costs.faultWorkCycles };
}
