import { createHash } from 'node:crypto';
import {
  assumptionsOf,
  type Cell,
  type CellDescription,
  cellMachine,
  type CellResult,
  type FoundViolation,
  type Memory,
  modelText,
  savedMoves,
  type Step,
  stepsOf,
} from '@shootdown/checker';
import { packageVersion } from '../version.js';
import type { CounterexampleRecord, StepRecord } from './check-document.js';
import type { PlannedCell } from './plan-cells.js';

/** The counterexample of a violated cell, as it is saved. */
export function counterexampleRecord(
  cell: PlannedCell,
  { memory, isOnlyUnderTso, walker }: CellResult,
  violation: FoundViolation,
): CounterexampleRecord {
  const { contract, form, cpu, text } = violation;
  return {
    schemaVersion: 1,
    kind: 'counterexample',
    version: packageVersion(),
    model: modelHash({ ...cell, walker }, memory),
    strategy: cell.strategy.name,
    options: cell.options,
    cell: describe({ ...cell, walker }),
    memory,
    onlyUnderTso: isOnlyUnderTso,
    violation: { contract, form, cpu, text },
    moves: savedMoves(violation),
    steps: stepsOf(violation.trace).map(stepRecord),
  };
}

/** What a saved choice means depends on all of this. */
export function modelHash(cell: Cell, memory: Memory): string {
  return createHash('sha256')
    .update(modelText(cellMachine(cell, memory)()))
    .digest('hex');
}

function describe(cell: CellDescription): CellDescription {
  const { scenario, targets, initiators, cpus, nmis, walker, unenforced = [] } = cell;
  const given = { scenario, targets, initiators, cpus, nmis, walker, assume: assumptionsOf(cell) };
  return unenforced.length === 0 ? given : { ...given, unenforced };
}

function stepRecord({ number, cpu, span, inner, moves }: Step): StepRecord {
  return { number, cpu, span, inner, moves: moves.map(({ text }) => text) };
}
