import { type MachineProfile, ShootdownError } from '@shootdown/core';
import { type PublishedSeries, type PublishedTable, publishedTables } from '@shootdown/reporter';
import { findScenario } from '@shootdown/scenarios';
import { builtInStrategies } from '../built-in-strategies.js';
import type { CellPlan } from '../comparison/cell.js';

/** A published cell: where it is simulated and what was published. */
export interface PublishedCell {
  readonly plan: CellPlan;
  readonly ns: number;
}

/** How much of every cell is simulated. */
export interface Effort {
  readonly iterations: number;
  readonly warmUp: number;
  readonly seed: number;
}

/** The published table that a machine's parameters are solved from. Throws INVALID_ARGUMENT when there is none. */
export function tableFor(machine: string, scenario: string): PublishedTable {
  const table = publishedTables().find((each) => each.scenario === scenario && each.machines.includes(machine));
  if (table !== undefined) return table;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `Nothing is published for machine '${machine}' and scenario '${scenario}', so there is nothing to fit.`,
  );
}

/** The cells of the table's columns with this role. */
export function publishedCells(
  table: PublishedTable,
  role: PublishedSeries['role'],
  machine: MachineProfile,
  effort: Effort,
): readonly PublishedCell[] {
  return table.series
    .filter((series) => series.role === role)
    .flatMap((series) =>
      series.cells.map(({ threads, ns }) => ({ ns, plan: cellPlan(series, threads, table, machine, effort) })),
    );
}

/** The plan of one cell of a column, or of the same column with other options. */
export function cellPlan(
  series: Pick<PublishedSeries, 'strategy' | 'options'>,
  threads: number,
  table: PublishedTable,
  machine: MachineProfile,
  effort: Effort,
): CellPlan {
  return {
    strategy: series.strategy,
    options: series.options,
    plugin: builtInStrategies.find(series.strategy),
    machine,
    scenario: findScenario(table.scenario),
    threads,
    pages: table.pages,
    ...effort,
  };
}
