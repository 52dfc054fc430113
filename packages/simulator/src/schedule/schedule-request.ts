import type { Machine, MachineProfile, Schedule } from '@shootdown/core';
import type { KernelCosts } from '@shootdown/kernel';

/** A schedule and the machine that it is to be timed on. */
export interface ScheduleRequest {
  readonly schedule: Schedule;
  /** Makes the machine in its initial state, with live programs; its kernel, where it has one, is charged these costs. Called once more than the run is made. */
  readonly makeMachine: (costs: KernelCosts) => Machine;
  readonly profile: MachineProfile;
  /** How often the same run is made before, so that lines lie where it leaves them. Default 1; 0: nobody holds any. */
  readonly warmUps?: number;
}
