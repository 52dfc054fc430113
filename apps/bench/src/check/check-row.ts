import {
  assumptionsOf,
  cellBounds,
  type CellResult,
  type Exploration,
  isDeferred,
  type Memory,
} from '@shootdown/checker';
import type { ShootdownError } from '@shootdown/core';
import { cellError } from '../comparison/cell-error.js';
import type { CheckBounds, CheckRow } from './check-document.js';
import type { CheckRequest } from './check-request.js';
import { counterexampleRecord } from './counterexample-record.js';
import type { PlannedCell } from './plan-cells.js';

/** The row of a cell as far as it was explored. */
export function exploredRow(
  cell: PlannedCell,
  request: CheckRequest,
  result: CellResult,
  seconds: number | null,
): CheckRow {
  const { violation, exploration, verdict } = result;
  return {
    ...emptyRow(cell, request, cutBy(verdict === 'inconclusive', exploration)),
    verdict,
    contract: violation?.contract ?? null,
    states: exploration.states,
    transitions: exploration.transitions,
    seconds,
    counterexample: violation === undefined ? null : counterexampleRecord(cell, result, violation),
  };
}

/** The row of a cell whose strategy failed. */
export function failedRow(cell: PlannedCell, request: CheckRequest, error: ShootdownError): CheckRow {
  return { ...emptyRow(cell, request, null), error: cellError(cell.strategy.name, error) };
}

function emptyRow(cell: PlannedCell, request: CheckRequest, cut: CheckBounds['cutBy']): CheckRow {
  const { strategy, options, scenario, cpus } = cell;
  const { maxStates, maxSeconds } = request;
  const memory: Memory = request.memory;
  return {
    strategy: strategy.name,
    options,
    scenario,
    cpus,
    memory,
    assumptions: assumptionsOf(cell),
    deferred: isDeferred(cell),
    verdict: 'inconclusive',
    contract: null,
    states: 0,
    transitions: 0,
    seconds: null,
    bounds: { ...cellBounds(cell), maxStates, maxSeconds: maxSeconds ?? null, cutBy: cut },
    counterexample: null,
  };
}

function cutBy(isCut: boolean, { limit }: Exploration): CheckBounds['cutBy'] {
  if (!isCut) return null;
  if (limit === undefined) return 'interrupt';
  return limit === 'expired' ? 'maxSeconds' : limit;
}
