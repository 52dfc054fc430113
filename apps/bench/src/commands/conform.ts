import { ERROR_CODES, ShootdownError } from '@shootdown/core';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { shellText } from '../arguments/command-line.js';
import { wholeNumber } from '../arguments/numbers.js';
import { readArguments } from '../arguments/read-arguments.js';
import { readOptionsText } from '../arguments/strategies.js';
import { isStrategyFault } from '../comparison/cell-error.js';
import type { CaseRecord, ConformDocument } from '../conform/conform-document.js';
import type { CaseData, ConformObserver, ConformRequest } from '../conform/conform-request.js';
import { conformText } from '../conform/conform-text.js';
import { runCases } from '../conform/run-cases.js';
import { allowsProgress, type Context } from '../context.js';
import { worstOf } from '../exit-code.js';
import { GUEST_ARGUMENTS } from '../guests/guest-arguments.js';
import type { Reception } from '../guests/reception.js';
import type { ThreadRunner } from '../guests/thread-runner.js';
import { withGuests } from '../guests/with-guests.js';
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
  'max-states': { type: 'string', valueHint: 'N', default: '8000000', description: 'States of one exploration' },
  format: {
    type: 'string',
    valueHint: CATALOGUE_FORMATS.join('|'),
    default: 'table',
    description: 'Form of the result',
  },
  output: { type: 'string', valueHint: 'FILE', description: 'Write the result to a file, whole or not at all' },
  ...GUEST_ARGUMENTS,
  'plugin-seconds': {
    type: 'string',
    valueHint: 'S',
    default: '60',
    description: 'Seconds without a sign of life after which a strategy given by path or package is ended',
  },
  'host-facts': { type: 'boolean', description: 'Tell the seconds of each case' },
} as const satisfies ArgsDef;

/** `conform`: hold a strategy against the contract of plugins, case by case. */
export function conformCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: {
      name: 'conform',
      description: 'Hold a strategy against the contract, case by case, as its author’s tests do',
    },
    args: CONFORM_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests({ command: 'conform', definition: CONFORM_ARGUMENTS, repeatable: [], words }, context, conform),
  });
}

async function conform(words: readonly string[], reception: Reception): Promise<void> {
  const { context } = reception;
  const read = readArguments(words, CONFORM_ARGUMENTS);
  const format = readFormat(read.one('format') ?? CONFORM_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const output = read.one('output');
  const request: ConformRequest = {
    specifier: readSpecifier(read.positional('strategy')),
    options: readOptionsText('--options', read.one('options') ?? '{}'),
    tier: oneOf('--tier', read.one('tier') ?? CONFORM_ARGUMENTS.tier.default, TIERS),
    ids: read.one('case')?.split(','),
    maxStates: wholeNumber('--max-states', read.one('max-states') ?? CONFORM_ARGUMENTS['max-states'].default, 1),
    wantsHostFacts: read.flag('host-facts'),
  };
  if (output !== undefined) checkOutput(output);
  const document = documentOf(request, await outcomes(request, context, reception.thread(request.specifier)));
  const text = format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : conformText(document);
  if (output === undefined) context.stdout.write(text);
  else writeOutput(output, text);
  context.finish(exitCodeOfConform(document.cases));
}

/** Other commands take options behind the name, where several strategies may stand. */
function readSpecifier(text: string): string {
  const at = text.endsWith('}') ? text.indexOf('{') : -1;
  if (at < 0) return text;
  const words = shellText([text.slice(0, at), '--options', text.slice(at)]);
  throw new ShootdownError('INVALID_ARGUMENT', `conform takes options by --options: conform ${words}.`);
}

/** 4 when a case met a violation of the contract, 7 nondeterminism, 3 any other failure, 5 when a search was cut; the first of these. */
export function exitCodeOfConform(cases: readonly Pick<CaseRecord, 'error'>[]): number {
  return worstOf(cases.map(({ error }) => (error === undefined ? 0 : ERROR_CODES[error.code].exitCode)));
}

/** A strategy of the laboratory runs here, a module of the user in a thread of its own; a case that ends the thread is the last one. */
async function outcomes(
  request: ConformRequest,
  context: Context,
  thread: ThreadRunner | undefined,
): Promise<readonly CaseRecord[]> {
  const found: CaseRecord[] = [];
  let present: CaseData | undefined;
  let startedAt = 0;
  const seconds = (): number | null => (request.wantsHostFacts ? (performance.now() - startedAt) / 1000 : null);
  const observer: ConformObserver = {
    begins: (begun) => {
      present = begun;
      startedAt = performance.now();
      if (allowsProgress(context)) context.stderr.write(`${begun.id}\n`);
    },
    ended: (outcome) => found.push({ ...outcome, seconds: seconds() }),
  };
  if (thread === undefined) await runCases(context.laboratory.checks.strategy(request.specifier), request, observer);
  else
    await thread.conform(request, observer).catch((error: unknown) => {
      if (present === undefined || !isStrategyFault(error)) throw error;
      const { code, message } = error;
      found.push({ ...present, status: 'failed', error: { code, message }, seconds: seconds() });
    });
  return found;
}

function documentOf(
  { specifier, options, tier, ids, maxStates }: ConformRequest,
  cases: readonly CaseRecord[],
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
