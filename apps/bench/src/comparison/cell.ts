import type { MachineProfile, ParameterOverrides } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import type { JsonObject, RowKey } from '@shootdown/reporter';
import type { Scenario } from '@shootdown/scenarios';
import { scenarioWorkload, timedRun, type TimedResult, type TimedWorkload } from '@shootdown/simulator';

/** One cell of a comparison, validated. */
export interface CellPlan extends RowKey {
  readonly plugin: Strategy;
  readonly options: JsonObject;
  readonly machine: MachineProfile;
  readonly scenario: Scenario;
  readonly iterations: number;
  readonly warmUp: number;
  readonly seed: number;
  readonly overrides?: ParameterOverrides;
}

/** A run is given up when no operation ends within so much simulated time, or so many ops, for each thread and page. */
const MAX_PS = 1e9;
const MAX_OPS = 10_000;

/** The measurements of a cell. `record` keeps its schedule. */
export function simulateCell(plan: CellPlan, record = false): TimedResult {
  const { machine, threads, pages, warmUp, seed, overrides } = plan;
  const limits = { maxTimePs: MAX_PS * (threads + pages), maxOps: MAX_OPS * (threads + pages) };
  const options = { seed, warmUp, limits, record };
  return timedRun(cellWorkload(plan), machine, overrides === undefined ? options : { ...options, overrides });
}

/** A kernel with the cell's strategy and threads, freshly booted. */
export function cellWorkload(plan: CellPlan): TimedWorkload {
  const { plugin, machine, scenario, options, threads, pages, warmUp, iterations, overrides } = plan;
  return scenarioWorkload({
    profile: machine,
    scenario,
    strategy: plugin,
    options,
    threads,
    pages,
    operations: warmUp + iterations,
    ...(overrides === undefined ? {} : { overrides }),
  });
}
