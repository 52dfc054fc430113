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
  const row = emptyRow(cell, request);
  const { metFullBuffer } = exploration;
  return {
    ...row,
    verdict,
    contract: violation?.contract ?? null,
    states: exploration.states,
    transitions: exploration.transitions,
    seconds,
    bounds: { ...row.bounds, cutBy: cutBy(verdict === 'inconclusive', exploration), metFullBuffer },
    counterexample: violation === undefined ? null : counterexampleRecord(cell, result, violation),
  };
}

/** The row of a cell whose exploration was interrupted where only its progress is known. */
export function interruptedRow(
  cell: PlannedCell,
  request: CheckRequest,
  { states, transitions }: Pick<Exploration, 'states' | 'transitions'>,
): CheckRow {
  const row = emptyRow(cell, request);
  return { ...row, states, transitions, bounds: { ...row.bounds, cutBy: 'interrupt' } };
}

/** The row of a cell whose strategy failed. */
export function failedRow(cell: PlannedCell, request: CheckRequest, error: ShootdownError): CheckRow {
  return { ...emptyRow(cell, request), error: cellError(cell.strategy.name, error) };
}

function emptyRow(cell: PlannedCell, request: CheckRequest): CheckRow {
  const { strategy, options, scenario, cpus } = cell;
  const memory: Memory = request.memory;
  return {
    strategy: strategy.name,
    options,
    scenario,
    cpus,
    memory,
    assumptions: assumptionsOf(cell),
    ownAssumptions: ownAssumptionsOf(cell),
    deferred: isDeferred(cell),
    verdict: 'inconclusive',
    contract: null,
    states: 0,
    transitions: 0,
    seconds: null,
    bounds: boundsOf(cell, request),
    counterexample: null,
  };
}

/** What the environment keeps to because the strategy's manifest assumes it. */
function ownAssumptionsOf({ strategy, unenforced = [] }: PlannedCell): CheckRow['ownAssumptions'] {
  const enforced = (strategy.assumes ?? []).filter(({ name }) => !unenforced.includes(name));
  return Object.fromEntries(enforced.map(({ name, statement }) => [name, statement]));
}

/** Before anything is known of the search. */
function boundsOf(cell: PlannedCell, request: CheckRequest): CheckBounds {
  const { maxStates, maxSeconds, maxMegabytes, reductions } = request;
  const limits = { maxStates, maxSeconds: maxSeconds ?? null, maxMegabytes };
  return { ...cellBounds(cell, reductions), ...limits, cutBy: null, metFullBuffer: false };
}

function cutBy(isCut: boolean, { limit }: Exploration): CheckBounds['cutBy'] {
  if (!isCut) return null;
  if (limit === undefined) return 'interrupt';
  if (limit === 'expired') return 'maxSeconds';
  return limit === 'maxBytes' ? 'maxMegabytes' : limit;
}
