import { type MachineProfile, PARAMETER_NAMES, type ParameterName } from '@shootdown/core';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { concurrent } from '@shootdown/strategy-concurrent';
import { sync } from '@shootdown/strategy-sync';
import { publishedCells, tableFor } from '../../apps/bench/src/fit/fit-cells.js';
import { fitProfile, overridesOf } from '../../apps/bench/src/fit/fit-profile.js';
import { haswell, meanNs, table } from './fidelity-tables.js';

const EFFORT = { iterations: 150, warmUp: 20, seed: 1 };

/** A prior at one end of its range, and what the refitted model predicts; `cells` is undefined when nothing fits. */
export interface Sensitivity {
  readonly name: ParameterName;
  readonly end: 'as it is' | 'low' | 'high';
  readonly value: number;
  readonly isAdmitted: boolean;
  /** concurrent and async-inline with one target, then with three. */
  readonly cells: readonly number[] | undefined;
}

/** The headline machine itself, with the same effort. */
export const unmoved = (): Sensitivity => ({ ...refitted(haswell), name: 'clockMhz', end: 'as it is', value: 0 });

/** Every prior that is not fitted at both ends of its range. */
export function sensitivities(base: Sensitivity): readonly Sensitivity[] {
  const before = directMeans(haswell);
  return PARAMETER_NAMES.flatMap((name) => {
    const { status, low, high } = haswell.parameters[name];
    if (status === 'fitted') return [];
    return (['low', 'high'] as const).map((end) => {
      const value = end === 'low' ? low : high;
      const machine = withValue(name, value);
      const isInert = String(directMeans(machine)) === String(before);
      return { ...(isInert ? base : refitted(machine)), name, end, value };
    });
  });
}

const withValue = (name: ParameterName, value: number): MachineProfile => ({
  ...haswell,
  parameters: { ...haswell.parameters, [name]: { ...haswell.parameters[name], value } },
});

/** All cells with the stored fitted values: a prior that changes none of them changes no fit. */
const directMeans = (machine: MachineProfile): readonly number[] =>
  [1, 2, 4].flatMap((threads) =>
    [sync, concurrent, asyncInline].map((plugin) => meanNs({ plugin, machine }, threads, EFFORT.iterations)),
  );

function refitted(machine: MachineProfile): Pick<Sensitivity, 'isAdmitted' | 'cells'> {
  const solved = fitProfile(machine, publishedCells(tableFor('haswell', 'madvise'), 'fitted', machine, EFFORT));
  if (solved === undefined) return { isAdmitted: false, cells: undefined };
  const overrides = overridesOf(
    solved.map(({ name }) => name),
    solved.map(({ value }) => value),
  );
  const cells = [2, 4].flatMap((threads) =>
    [concurrent, asyncInline].map((plugin) => meanNs({ plugin, machine, overrides }, threads, EFFORT.iterations)),
  );
  return { isAdmitted: solved.every(({ isWithinPrior }) => isWithinPrior), cells };
}

/** The rows that move a cell by a nanosecond or more, and those without a fit. */
export function sensitivityTable(base: Sensitivity, all: readonly Sensitivity[]): string {
  const rows = [base, ...all].flatMap(({ name, end, value, isAdmitted, cells }) => {
    const isBase = end === 'as it is';
    const moved = cells?.some((ns, index) => Math.abs(ns - (base.cells?.[index] ?? 0)) >= 1) ?? true;
    if (!isBase && !moved) return [];
    const place = isBase ? ['the profile', ''] : [`\`${name}\``, `${end}, ${value}`];
    if (cells === undefined) return [[...place, 'no fit', '', '', '', '']];
    const [c2 = 0, a2 = 0, c4 = 0, a4 = 0] = cells.map(Math.round);
    return [[...place, `${c2}`, `${a2}`, `${c4}`, `${a4}`, isAdmitted ? '' : 'a fitted value leaves its prior']];
  });
  const head = [
    'prior',
    'at',
    '`concurrent`, 2 threads',
    '`async-inline`, 2',
    '`concurrent`, 4',
    '`async-inline`, 4',
    '',
  ];
  return table(head, rows);
}

/** How far the step from concurrent to async-inline moves, with one target. */
export function stepRangeText(all: readonly Sensitivity[]): string {
  const steps = all.flatMap(({ cells }) => (cells === undefined ? [] : [(cells[0] as number) - (cells[1] as number)]));
  const [low, high] = [Math.min(...steps), Math.max(...steps)].map(Math.round);
  return `With one target the step between the two stays between ${low} and ${high} ns; the publication has 110.`;
}
