import { drawProfile, type MachineProfile, type RandomStream, randomStream, ShootdownError } from '@shootdown/core';
import type { JsonObject, PublishedTable, RowKey } from '@shootdown/reporter';
import type { BandCell } from '../bands.js';
import { simulateCell } from '@shootdown/testkit';
import type { CellPlan } from '../comparison/cell.js';
import { cellPlan, type Effort, publishedCells } from './fit-cells.js';
import { fitProfile, overridesOf } from './fit-profile.js';

export interface Bands {
  readonly draws: number;
  /** Draws whose fit converged within the priors of the fitted parameters. */
  readonly admitted: number;
  readonly cells: readonly BandCell[];
}

/** Variants without a published value whose band is wanted too. */
const UNPUBLISHED: readonly { readonly strategy: string; readonly options: JsonObject }[] = [
  { strategy: 'async-inline', options: { ack: 'none', freedTables: 'sync', nmiGuard: true } },
];

/**
 * Draws every prior from its range, fits each draw again, and collects the predicted cells of the draws that the fit admits.
 * A draw is refused when a solved value leaves its prior range or the fit does not converge.
 */
export function computeBands(profile: MachineProfile, table: PublishedTable, draws: number, effort: Effort): Bands {
  const plans = predictedPlans(table, profile, effort);
  const means: number[][] = plans.map(() => []);
  const streamOf = priorStreams(effort.seed);
  let admitted = 0;
  for (let draw = 0; draw < draws; draw++) {
    const machine = drawProfile(profile, streamOf);
    const solved = fitProfile(machine, publishedCells(table, 'fitted', machine, effort));
    if (solved?.every(({ isWithinPrior }) => isWithinPrior) !== true) continue;
    admitted++;
    const overrides = overridesOf(
      solved.map(({ name }) => name),
      solved.map(({ value }) => value),
    );
    for (const [i, plan] of plans.entries()) means[i]?.push(simulateCell({ ...plan, machine, overrides }).meanNs);
  }
  if (admitted === 0)
    throw new ShootdownError(
      'INVALID_PROFILE',
      `None of ${draws} draws of profile '${profile.name}' fits within its priors.`,
    );
  return { draws, admitted, cells: plans.map((plan, i) => ({ ...keyOf(plan), band: band(means[i] as number[]) })) };
}

function predictedPlans(table: PublishedTable, machine: MachineProfile, effort: Effort): readonly CellPlan[] {
  const predicted = publishedCells(table, 'predicted', machine, effort).map(({ plan }) => plan);
  const threads = [...new Set(predicted.map((plan) => plan.threads))];
  return [
    ...predicted,
    ...UNPUBLISHED.flatMap((variant) => threads.map((count) => cellPlan(variant, count, table, machine, effort))),
  ];
}

function keyOf({ strategy, options, threads, pages }: CellPlan): RowKey {
  return { strategy, options, threads, pages };
}

/** Nearest-rank 5th and 95th percentile, to a tenth of a nanosecond. */
function band(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent: number): number => {
    const rank = Math.max(1, Math.ceil((percent * sorted.length) / 100));
    return Math.round((sorted[rank - 1] as number) * 10) / 10;
  };
  return [at(5), at(95)];
}

/** The stream of each prior, which goes on from draw to draw. */
function priorStreams(seed: number): (parameter: string) => RandomStream {
  const streams = new Map<string, RandomStream>();
  return (parameter) => {
    const stream = streams.get(parameter) ?? randomStream(seed, `prior ${parameter}`);
    streams.set(parameter, stream);
    return stream;
  };
}
