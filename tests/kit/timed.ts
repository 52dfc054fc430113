import { type MachineProfile, machineProfile } from '@shootdown/core';
import { findScenario, type Scenario } from '@shootdown/scenarios';
import { scenarioWorkload, timedRun, type TimedResult, type TimedWorkload } from '@shootdown/simulator';
import type { Variant } from './variants.js';

/** A cell of a comparison with few operations. */
export interface TimedCell {
  readonly variant: Variant;
  readonly scenario: string | Scenario;
  readonly machine?: string | MachineProfile;
  readonly threads: number;
  readonly pages?: number;
  /** Measured operations. Default 2. */
  readonly operations?: number;
  /** Operations before them. Default 1. */
  readonly warmUp?: number;
  readonly record?: boolean;
}

/** The scenario itself, or the built-in of that name. */
const scenarioOf = (scenario: string | Scenario): Scenario =>
  typeof scenario === 'string' ? findScenario(scenario) : scenario;

const profileOf = (machine: string | MachineProfile): MachineProfile =>
  typeof machine === 'string' ? machineProfile(machine) : machine;

/** The cell's kernel with its threads, in its initial state. */
export function bootCell({ variant, scenario, machine = 'haswell', ...cell }: TimedCell): TimedWorkload {
  return scenarioWorkload({
    profile: profileOf(machine),
    scenario: scenarioOf(scenario),
    strategy: variant.strategy,
    options: variant.options,
    threads: cell.threads,
    pages: cell.pages ?? 1,
    operations: (cell.warmUp ?? 1) + (cell.operations ?? 2),
  });
}

/** Times the cell. Default machine `haswell`. */
export function timeCell(cell: TimedCell): TimedResult {
  return timedRun(bootCell(cell), profileOf(cell.machine ?? 'haswell'), {
    seed: 1,
    warmUp: cell.warmUp ?? 1,
    limits: { maxTimePs: 1e12, maxOps: 1e7 },
    record: cell.record ?? false,
  });
}
