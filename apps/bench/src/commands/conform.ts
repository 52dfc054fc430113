import { ERROR_CODES, ShootdownError } from '@shootdown/core';
import { isPackageName, isPath, loadStrategy } from '@shootdown/host';
import type { JsonObject } from '@shootdown/reporter';
import { type CaseOutcome, conformanceCases, runCase, type Tier } from '@shootdown/testkit';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { shellText } from '../arguments/command-line.js';
import { wholeNumber } from '../arguments/numbers.js';
import { readArguments } from '../arguments/read-arguments.js';
import { readOptionsText } from '../arguments/strategies.js';
import type { ConformDocument } from '../conform/conform-document.js';
import { conformText } from '../conform/conform-text.js';
import { allowsProgress, type Context } from '../context.js';
import { worstOf } from '../exit-code.js';
import { checkOutput, writeOutput } from '../output/write-output.js';
import { packageVersion } from '../version.js';
import { oneOf } from './check-arguments.js';
import { readFormat } from './compare-arguments.js';
import { CATALOGUE_FORMATS } from './list.js';

const TIERS = ['quick', 'full'] as const;

const CONFORM_ARGUMENTS = {
  strategy: { type: 'positional', required: false, valueHint: 'STRATEGY', description: 'a path, a package or a name' },
  options: { type: 'string', valueHint: 'JSON', description: 'Options of the strategy (Default: those of its schema)' },
  tier: {
    type: 'string',
    valueHint: TIERS.join('|'),
    default: 'quick',
    description: 'Cases that take seconds together, or all',
  },
  case: {
    type: 'string',
    valueHint: 'LIST',
    description: 'Cases by their id, whatever their tier (Default: all of the tier)',
  },
  'max-states': { type: 'string', valueHint: 'N', default: '5000000', description: 'States of one exploration' },
  format: {
    type: 'string',
    valueHint: CATALOGUE_FORMATS.join('|'),
    default: 'table',
    description: 'Form of the result',
  },
  output: { type: 'string', valueHint: 'FILE', description: 'Write the result to a file, whole or not at all' },
} as const satisfies ArgsDef;

/** `conform`: hold a strategy against the contract of plugins, case by case. */
export function conformCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: {
      name: 'conform',
      description: 'Hold a strategy against the contract, case by case, as its author’s tests do',
    },
    args: CONFORM_ARGUMENTS,
    run: ({ rawArgs }) => conform(rawArgs, context),
  });
}

/** A command line of `conform`. */
interface ConformArguments {
  readonly specifier: string;
  readonly options: JsonObject;
  readonly tier: Tier;
  readonly ids: readonly string[] | undefined;
  readonly maxStates: number;
}

async function conform(rawArguments: readonly string[], context: Context): Promise<void> {
  const read = readArguments(rawArguments, CONFORM_ARGUMENTS);
  const format = readFormat(read.one('format') ?? CONFORM_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const output = read.one('output');
  const given: ConformArguments = {
    specifier: read.positional('strategy'),
    options: readOptionsText('--options', read.one('options') ?? '{}'),
    tier: oneOf('--tier', read.one('tier') ?? CONFORM_ARGUMENTS.tier.default, TIERS),
    ids: read.one('case')?.split(','),
    maxStates: wholeNumber('--max-states', read.one('max-states') ?? CONFORM_ARGUMENTS['max-states'].default, 1),
  };
  if (output !== undefined) checkOutput(output);
  const document = documentOf(given, await outcomes(given, context));
  const text = format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : conformText(document);
  if (output === undefined) context.stdout.write(text);
  else writeOutput(output, text);
  context.finish(exitCodeOfConform(document.cases));
}

/** 4 when a case met a violation of the contract, 7 nondeterminism, 3 any other failure, 5 when a search was cut; the first of these. */
export function exitCodeOfConform(cases: readonly CaseOutcome[]): number {
  return worstOf(cases.map(({ error }) => (error === undefined ? 0 : ERROR_CODES[error.code].exitCode)));
}

async function outcomes(given: ConformArguments, context: Context): Promise<readonly CaseOutcome[]> {
  const { specifier, options, maxStates, tier, ids } = given;
  const value = await strategyOf(specifier, context);
  const all = conformanceCases(value, { options, specifier, maxStates, tier: ids === undefined ? tier : 'full' });
  const unknown = ids?.find((id) => all.every((each) => each.id !== id));
  if (unknown !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `--case: there is no case "${unknown}"; --tier full lists all.`);
  const found: CaseOutcome[] = [];
  for (const each of all) {
    if (ids?.includes(each.id) === false) continue;
    if (allowsProgress(context)) context.stderr.write(`${each.id}\n`);
    found.push(await runCase(each));
  }
  return found;
}

/** What a registry of the laboratory knows goes by its name; everything else is a module of the user. */
async function strategyOf(specifier: string, { laboratory }: Context): Promise<unknown> {
  const known = laboratory.list('strategy').map(({ name }) => name);
  if (known.includes(specifier)) return laboratory.checks.strategy(specifier);
  if (isPath(specifier) || isPackageName(specifier)) return (await loadStrategy(specifier, process.cwd())).strategy;
  throw new ShootdownError('INVALID_ARGUMENT', `conform ${specifier}: it is no name, no package and no path.`);
}

function documentOf(
  { specifier, options, tier, ids, maxStates }: ConformArguments,
  cases: readonly CaseOutcome[],
): ConformDocument {
  const given = Object.keys(options).length === 0 ? [] : ['--options', JSON.stringify(options)];
  const which = ids === undefined ? ['--tier', tier] : ['--case', ids.join(',')];
  const words = ['shootdown', 'conform', specifier, ...given, ...which, '--max-states', String(maxStates)];
  return {
    schemaVersion: 1,
    kind: 'conformance',
    tool: { name: 'shootdown', version: packageVersion() },
    commandLine: shellText(words),
    strategy: specifier,
    options,
    tier,
    cases,
  };
}
