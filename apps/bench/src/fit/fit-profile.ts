import {
  type MachineProfile,
  PARAMETER_NAMES,
  type ParameterName,
  type ParameterOverrides,
  ShootdownError,
} from '@shootdown/core';
import { simulateCell } from '@shootdown/testkit';
import type { PublishedCell } from './fit-cells.js';
import { solveEquations } from './newton.js';

/** Parameters are stored to a hundredth of their unit. */
const STORED_DIGITS = 100;
/** Nanoseconds by which a fitted cell may miss: straight-line code is charged in whole cycles. */
const TOLERANCE_NS = 0.2;
const STEP = 20;

/** One solved parameter beside its prior: a value outside the range speaks against the machine. */
export interface FittedParameter {
  readonly name: ParameterName;
  readonly value: number;
  readonly prior: { readonly value: number; readonly low: number; readonly high: number };
  readonly isWithinPrior: boolean;
}

/** The parameters that the profile names as fitted. */
function fittedNames(profile: MachineProfile): readonly ParameterName[] {
  return PARAMETER_NAMES.filter((name) => profile.parameters[name].status === 'fitted');
}

/** Solves the fitted parameters of a profile from as many published cells; undefined when no values reproduce them. Nothing else is read. */
export function fitProfile(
  profile: MachineProfile,
  cells: readonly PublishedCell[],
): readonly FittedParameter[] | undefined {
  const names = fittedNames(profile);
  if (names.length !== cells.length) {
    throw new ShootdownError(
      'INVALID_PROFILE',
      `Profile '${profile.name}' names ${names.length} fitted parameters; the published column has ${cells.length} cells. They must be as many.`,
    );
  }
  const priors = names.map((name) => priorOf(profile, name));
  const solution = solveEquations({
    targets: cells.map(({ ns }) => ns),
    evaluate: (point) =>
      cells.map(({ plan }) => simulateCell({ ...plan, machine: profile, overrides: overridesOf(names, point) }).meanNs),
    start: priors.map(({ value }) => value),
    steps: names.map(() => STEP),
    tolerance: TOLERANCE_NS,
  });
  return solution && names.map((name, i) => fitted(name, solution[i] as number, priors[i] as FittedParameter['prior']));
}

/** Solved values as the simulator takes them. Negative costs do not exist; the search may touch them. */
export function overridesOf(names: readonly ParameterName[], point: readonly number[]): ParameterOverrides {
  return Object.fromEntries(names.map((name, i) => [name, Math.max(0, point[i] as number)]));
}

function fitted(name: ParameterName, solved: number, prior: FittedParameter['prior']): FittedParameter {
  const value = Math.round(solved * STORED_DIGITS) / STORED_DIGITS;
  return { name, value, prior, isWithinPrior: value >= prior.low && value <= prior.high };
}

function priorOf(profile: MachineProfile, name: ParameterName): FittedParameter['prior'] {
  const parameter = profile.parameters[name];
  if (parameter.status !== 'fitted') throw new ShootdownError('INTERNAL', `Parameter ${name} is not a fitted one.`);
  const { value, low, high } = parameter.prior;
  return { value, low, high };
}
