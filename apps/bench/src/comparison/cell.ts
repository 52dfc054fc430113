import { type MachineProfile, type ParameterOverrides, ShootdownError } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import type { Cell, JsonObject, LatencyNs, MeasuredRow, RowCounters, RowKey, SafetyRecord } from '@shootdown/reporter';
import type { Scenario } from '@shootdown/scenarios';
import { scenarioWorkload, timedRun, type TimedResult } from '@shootdown/simulator';

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

/** A run is given up when one operation takes this much of simulated time on average, or this many ops per thread. */
const MAX_PS_PER_OPERATION = 1e10;
const MAX_OPS_PER_OPERATION_AND_THREAD = 20_000;

/** Simulates a cell. What the strategy does wrong becomes a failed row; every other error is thrown. */
export function runCell(plan: CellPlan): Cell {
  const { strategy, options, threads, pages } = plan;
  try {
    return measuredRow(plan, simulateCell(plan));
  } catch (error) {
    if (!(error instanceof ShootdownError) || error.exitCode !== 3) throw error;
    return { strategy, options, threads, pages, status: 'failed', error: { code: error.code, message: error.message } };
  }
}

/** The measurements of a cell. */
export function simulateCell(plan: CellPlan): TimedResult {
  const { plugin, machine, scenario, options, threads, pages, warmUp, iterations, seed } = plan;
  const operations = warmUp + iterations;
  const overrides = plan.overrides === undefined ? {} : { overrides: plan.overrides };
  const workload = scenarioWorkload({
    profile: machine,
    scenario,
    strategy: plugin,
    options,
    threads,
    pages,
    operations,
    ...overrides,
  });
  const perThread = operations * scenario.initiators;
  const limits = {
    maxTimePs: operations * MAX_PS_PER_OPERATION,
    maxOps: perThread * MAX_OPS_PER_OPERATION_AND_THREAD * (threads + pages),
  };
  return timedRun(workload, machine, { seed, warmUp, limits, ...overrides });
}

function measuredRow({ strategy, options, threads, pages, plugin }: CellPlan, result: TimedResult): MeasuredRow {
  const samples = result.latency.count;
  return {
    strategy,
    options,
    threads,
    pages,
    status: 'ok',
    samples,
    ns: latencyNs(result),
    cycles: { mean: (result.meanNs * result.clockMhz) / 1000 },
    ipisPerOp: result.ipis / samples,
    phases: result.phasesNs,
    counters: counters(result, samples),
    safety: safety(plugin, result),
  };
}

function latencyNs({ latency, meanNs }: TimedResult): LatencyNs {
  const ns = (ps: number): number => ps / 1000;
  return {
    mean: meanNs,
    median: ns(latency.medianPs),
    p90: ns(latency.p90Ps),
    p99: ns(latency.p99Ps),
    max: ns(latency.maxPs),
    stddev: ns(latency.stddevPs),
  };
}

function counters(result: TimedResult, samples: number): RowCounters {
  const { opCounts, directory } = result;
  const perOp = (total: number): number => total / samples;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    selectiveFlushesPerOp: perOp(opCounts['invlpg'] ?? 0),
    fullFlushesPerOp: perOp(result.fullFlushes),
    lineTransfersPerOp: perOp(sum(directory.readTransfers) + sum(directory.writeTransfers)),
    lineUpgradesPerOp: perOp(directory.upgrades),
    responderStolenNsPerOp: perOp(result.stolenPs) / 1000,
    ackWaitNs: result.phasesNs['wait'] ?? 0,
    exposedNs: perOp(result.exposedPs) / 1000,
    staleWindowNs: perOp(result.stalePs) / 1000,
  };
}

function safety(plugin: Strategy, { violations }: TimedResult): SafetyRecord {
  const isDeferred = plugin.guarantee?.unmap === 'release';
  return {
    verdict: violations.length === 0 ? 'clean' : 'violated',
    ...(isDeferred ? { deferred: ['unmap'] } : {}),
    violations: violations.map(({ contract, form, cpu, nowPs }) => ({ contract, form, cpu, ns: nowPs / 1000 })),
  };
}
