import type { MachineProfile, ParameterOverrides } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import type { Scenario } from '@shootdown/scenarios';
import {
  type CellRequest,
  scenarioWorkload,
  timedRun,
  type TimedResult,
  type TimedWorkload,
} from '@shootdown/simulator';

/** One strategy on one machine in one scenario, validated. */
export interface TimedCell {
  readonly plugin: Strategy;
  readonly options: object;
  readonly machine: MachineProfile;
  readonly scenario: Scenario;
  readonly threads: number;
  readonly pages: number;
  /** Measured operations of each initiator, and those before them. */
  readonly iterations: number;
  readonly warmUp: number;
  readonly seed: number;
  readonly overrides?: ParameterOverrides;
}

/** A run is given up when no operation ends within so much simulated time, or so many ops, for each thread and page. */
const MAX_PS = 1e9;
const MAX_OPS = 10_000;

/** The measurements of a cell. `record` keeps its schedule. */
export function simulateCell(cell: TimedCell, record = false): TimedResult {
  return simulateWorkload(cellWorkload(cell), cell, record);
}

/** The same for a workload that has been booted already. */
export function simulateWorkload(workload: TimedWorkload, cell: TimedCell, record = false): TimedResult {
  const { machine, threads, pages, warmUp, seed, overrides } = cell;
  const limits = { maxTimePs: MAX_PS * (threads + pages), maxOps: MAX_OPS * (threads + pages) };
  const options = { seed, warmUp, limits, record };
  return timedRun(workload, machine, overrides === undefined ? options : { ...options, overrides });
}

/** A kernel with the cell's strategy and threads, freshly booted. */
export function cellWorkload(
  cell: TimedCell,
  more: Pick<CellRequest, 'createHooks' | 'firstGeneration'> = {},
): TimedWorkload {
  const { plugin, machine, scenario, options, threads, pages, warmUp, iterations, overrides } = cell;
  return scenarioWorkload({
    profile: machine,
    scenario,
    strategy: plugin,
    options,
    threads,
    pages,
    operations: warmUp + iterations,
    ...(overrides === undefined ? {} : { overrides }),
    ...more,
  });
}
