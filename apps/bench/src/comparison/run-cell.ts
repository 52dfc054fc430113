import type { ShootdownError } from '@shootdown/core';
import { requireHardware } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import type { Cell, FailedCell, LatencyNs, MeasuredRow, RowCounters, RowKey, SafetyRecord } from '@shootdown/reporter';
import type { TimedResult } from '@shootdown/simulator';
import { checkHiddenState, simulateCell } from '@shootdown/testkit';
import type { CellPlan } from './cell.js';
import { cellError, isStrategyFault } from './cell-error.js';

/** Simulates a cell. What the strategy does wrong, and what it misses, becomes a failed row; every other error is thrown. */
export function runCell(plan: CellPlan): Cell {
  try {
    requireHardware(plan.plugin, plan.machine);
    checkHiddenState(plan);
    return measuredRow(plan, simulateCell(plan));
  } catch (error) {
    if (!isStrategyFault(error)) throw error;
    return failedCell(plan, error);
  }
}

/** The cell of a strategy that failed. */
export function failedCell({ strategy, options, threads, pages }: RowKey, error: ShootdownError): FailedCell {
  return { strategy, options, threads, pages, status: 'failed', error: cellError(strategy, error) };
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
