import type { MachineProfile, ShootdownError } from '@shootdown/core';
import type { Registry } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import type { Cell, JsonValue } from '@shootdown/reporter';
import type { Scenario } from '@shootdown/scenarios';
import type { CheckRequest } from '../check/check-request.js';
import type { CellRun } from '../check/cell-run.js';
import type { PlannedCell } from '../check/plan-cells.js';
import type { ReplayDocument } from '../replay/replay-document.js';
import type { CellPlan } from '../comparison/cell.js';
import type { RunExplain } from '../explain/explain-request.js';

/** Who runs the cells of a guest's strategy: its thread, or nobody when it was refused. What the strategy does wrong is told in the rows. */
export interface GuestRunner {
  readonly runCell: (plan: CellPlan) => Promise<Cell>;
  readonly startCell: (cell: PlannedCell, request: CheckRequest) => CellRun;
  /** Throws what the strategy does wrong: an explanation has no rows. */
  readonly runExplain: RunExplain;
  /** As `Replay`. */
  readonly replay: (content: JsonValue, place: string, profile: MachineProfile) => Promise<ReplayDocument>;
}

/** A stranger's strategy. Here it is its manifest only; its code runs where the runner runs it. */
export interface GuestStrategy {
  readonly strategy: Strategy;
  readonly runner: GuestRunner;
  /** Why it could not be loaded. Its runner answers every cell with this. */
  readonly refusal?: ShootdownError;
  /** Which package it was found in, when it was named as one. */
  readonly package?: { readonly name: string; readonly version: string };
}

/** What a user brings along. Nothing of it bears a name of the laboratory's own. */
export interface Guests {
  readonly strategies: readonly GuestStrategy[];
  readonly machines: readonly MachineProfile[];
  readonly scenarios: readonly Scenario[];
}

export const NO_GUESTS: Guests = { strategies: [], machines: [], scenarios: [] };

/** Who runs a strategy by name, or undefined for one that runs in this thread. */
export function runnerOf({ strategies }: Guests, name: string): GuestRunner | undefined {
  return strategies.find(({ strategy }) => strategy.name === name)?.runner;
}

/** The registry and the guests as one. */
export function registryWith(registry: Registry, { strategies }: Guests): Registry {
  const guests = strategies.map(({ strategy }) => strategy);
  return {
    strategies: [...registry.strategies, ...guests],
    find: (name) => guests.find((each) => each.name === name) ?? registry.find(name),
  };
}
