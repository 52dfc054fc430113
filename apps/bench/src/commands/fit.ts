import { machineProfile, ShootdownError } from '@shootdown/core';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { wholeNumber } from '../arguments/numbers.js';
import { readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';
import { computeBands } from '../fit/bands.js';
import { type Effort, publishedCells, tableFor } from '../fit/fit-cells.js';
import { fitProfile } from '../fit/fit-profile.js';

const FIT_ARGUMENTS = {
  machine: { type: 'string', default: 'haswell', description: 'Machine profile whose fitted parameters are solved' },
  scenario: { type: 'string', default: 'madvise', description: 'Scenario of the published table' },
  iterations: { type: 'string', default: '2000', description: 'Operations per cell of the fit' },
  draws: {
    type: 'string',
    default: '0',
    description: 'Draws of the priors for the 5–95 % bands; each is fitted again',
  },
  seed: { type: 'string', default: '1', description: 'Seed of every random stream' },
} as const satisfies ArgsDef;

/** Operations per cell of a draw: the bands need less than the fit itself. */
const DRAW_EFFORT = { iterations: 150, warmUp: 20 };

/** `fit`: solves the fitted parameters of a profile from the fitted column of a published table, and prints them as JSON. */
export function fitCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: {
      name: 'fit',
      description: 'Solve the fitted parameters of a machine from the published column they are fitted to',
    },
    args: FIT_ARGUMENTS,
    run: ({ rawArgs }) => runFit(rawArgs, context),
  });
}

function runFit(rawArguments: readonly string[], { stdout }: Context): void {
  const given = readArguments(rawArguments, FIT_ARGUMENTS);
  const value = (name: keyof typeof FIT_ARGUMENTS): string => given.one(name) ?? FIT_ARGUMENTS[name].default;
  const number = (name: 'iterations' | 'draws' | 'seed'): number =>
    wholeNumber(`--${name}`, value(name), name === 'iterations' ? 1 : 0);
  const profile = machineProfile(value('machine'));
  const table = tableFor(profile.name, value('scenario'));
  const effort: Effort = { iterations: number('iterations'), warmUp: 100, seed: number('seed') };
  const fitted = fitProfile(profile, publishedCells(table, 'fitted', profile, effort));
  if (fitted === undefined)
    throw new ShootdownError(
      'INVALID_PROFILE',
      `No values of the fitted parameters reproduce the published column on machine '${profile.name}'.`,
    );
  const draws = number('draws');
  const bands = draws === 0 ? null : computeBands(profile, table, draws, { ...effort, ...DRAW_EFFORT });
  stdout.write(`${JSON.stringify({ machine: profile.name, scenario: table.scenario, fitted, bands }, null, 2)}\n`);
}
