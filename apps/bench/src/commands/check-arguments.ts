import { cellScenarios, MEMORIES, type Reduction, REDUCTIONS, TARGET_STATES, WALKERS } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import { suggestion } from '@shootdown/host';
import { ASSUMPTION_NAMES, type Assumptions, assumptionValues, parseAssumption } from '@shootdown/scenarios';
import type { ArgsDef } from 'citty';
import { shellText } from '../arguments/command-line.js';
import { numberList, positiveList, wholeNumber } from '../arguments/numbers.js';
import { type ReadArguments, readArguments } from '../arguments/read-arguments.js';
import { readStrategies, strategyText } from '../arguments/strategies.js';
import type { CheckRequest } from '../check/check-request.js';
import { GUEST_ARGUMENTS, guestWords } from '../guests/guest-arguments.js';
import { readFormat } from './compare-arguments.js';

/** Forms of a check's result. */
const CHECK_FORMATS = ['table', 'json'] as const;

const DEFAULTS = {
  strategy: 'sync,concurrent,async-inline',
  scenario: cellScenarios.map(({ name }) => name).join(','),
  cpus: '2',
  targets: 'user',
  initiators: '1',
  memory: 'tso',
  walker: 'saturated',
  reductions: REDUCTIONS.join(','),
  'max-states': '20000000',
  'max-memory': '4000',
  format: 'table',
} as const;

/** Options of `check`, as the help text shows them. */
export const CHECK_ARGUMENTS: ArgsDef = {
  strategy: {
    type: 'string',
    valueHint: 'LIST',
    default: DEFAULTS.strategy,
    description: 'Comma list of names, packages or paths, or one with JSON options; may be repeated',
  },
  scenario: { type: 'string', valueHint: 'LIST', default: DEFAULTS.scenario, description: 'What is flushed' },
  cpus: { type: 'string', valueHint: 'LIST', default: DEFAULTS.cpus, description: 'CPUs of the machine, 2 to 4' },
  targets: {
    type: 'string',
    valueHint: 'LIST',
    default: DEFAULTS.targets,
    description: `States of the CPUs that initiate nothing: ${TARGET_STATES.join(', ')}`,
  },
  initiators: { type: 'string', valueHint: 'LIST', default: DEFAULTS.initiators, description: 'Initiators: 1, 2' },
  nmis: {
    type: 'string',
    valueHint: 'LIST',
    description: 'NMIs in the machine (Default: 1 when --assume speaks of NMIs, else 0)',
  },
  memory: { type: 'string', valueHint: MEMORIES.join('|'), default: DEFAULTS.memory, description: 'Memory model' },
  walker: {
    type: 'string',
    valueHint: WALKERS.join('|'),
    default: DEFAULTS.walker,
    description: 'Walks and evictions: at any time as sets, at any time as moves, or on demand only',
  },
  reductions: {
    type: 'string',
    valueHint: 'LIST',
    default: DEFAULTS.reductions,
    description: 'Moves that are made at once because they commute with all others; or none',
  },
  assume: {
    type: 'string',
    valueHint: 'NAME=VALUE',
    description: `What is assumed otherwise than by default; may be repeated: ${ASSUMPTION_NAMES.map((name) => `${name}=${assumptionValues(name).join('|')}`).join(', ')}`,
  },
  'max-states': {
    type: 'string',
    valueHint: 'N',
    default: DEFAULTS['max-states'],
    description: 'States of one exploration',
  },
  'max-seconds': { type: 'string', valueHint: 'S', description: 'Seconds of one cell' },
  'max-memory': {
    type: 'string',
    valueHint: 'MB',
    default: DEFAULTS['max-memory'],
    description: 'Megabytes of the state tables of one exploration',
  },
  format: {
    type: 'string',
    valueHint: CHECK_FORMATS.join('|'),
    default: DEFAULTS.format,
    description: 'Form of the result',
  },
  output: { type: 'string', valueHint: 'FILE', description: 'Write the result to a file, whole or not at all' },
  ...GUEST_ARGUMENTS,
  'allow-unsafe': { type: 'boolean', description: 'Exit 0 although a strategy violated the safety contract' },
  'host-facts': { type: 'boolean', description: 'Tell the seconds of each cell' },
};

/** A command line of `check`, not yet held against what the laboratory knows. */
export interface CheckArguments {
  readonly request: CheckRequest;
  readonly format: (typeof CHECK_FORMATS)[number];
  readonly output: string | undefined;
  readonly allowsUnsafe: boolean;
}

/** @throws ShootdownError INVALID_ARGUMENT naming the argument and what would be right */
export function readCheckArguments(rawArguments: readonly string[]): CheckArguments {
  const given = readArguments(rawArguments, CHECK_ARGUMENTS, ['strategy', 'assume']);
  const request = readRequest(given);
  return {
    request: { ...request, commandLine: `${commandLine(request)}${guestWords(given)}` },
    format: readFormat(given.one('format') ?? DEFAULTS.format, CHECK_FORMATS),
    output: given.one('output'),
    allowsUnsafe: given.flag('allow-unsafe'),
  };
}

function readRequest(given: ReadArguments): Omit<CheckRequest, 'commandLine'> {
  const text = (name: keyof typeof DEFAULTS): string => given.one(name) ?? DEFAULTS[name];
  const strategies = given.all('strategy');
  const assume = readAssumptions(given.all('assume'));
  const maxSeconds = given.one('max-seconds');
  return {
    strategies: readStrategies(strategies.length === 0 ? [DEFAULTS.strategy] : strategies),
    scenarios: names('--scenario', text('scenario')),
    cpus: positiveList('--cpus', text('cpus')),
    targets: names('--targets', text('targets')).map((name) => oneOf('--targets', name, TARGET_STATES)),
    initiators: names('--initiators', text('initiators')).map((name) =>
      oneOf('--initiators', name, ['1', '2']) === '1' ? 1 : 2,
    ),
    nmis: readNmis(given.one('nmis'), assume),
    assume,
    memory: oneOf('--memory', text('memory'), MEMORIES),
    walker: oneOf('--walker', text('walker'), WALKERS),
    reductions: readReductions(text('reductions')),
    maxStates: wholeNumber('--max-states', text('max-states'), 1),
    maxSeconds: maxSeconds === undefined ? undefined : wholeNumber('--max-seconds', maxSeconds, 1),
    maxMegabytes: wholeNumber('--max-memory', text('max-memory'), 1),
    wantsHostFacts: given.flag('host-facts'),
  };
}

/** `none`, or some of the reductions, in their own order. */
export function readReductions(text: string): readonly Reduction[] {
  if (text === 'none') return [];
  const asked = names('--reductions', text).map((name) => oneOf('--reductions', name, [...REDUCTIONS, 'none']));
  return REDUCTIONS.filter((reduction) => asked.includes(reduction));
}

/** Assumptions about NMIs are exercised by NMIs only. */
function readNmis(text: string | undefined, { nmi, uaccessGuard }: Partial<Assumptions>): readonly number[] {
  const speaksOfNmis = nmi !== undefined || uaccessGuard !== undefined;
  if (text === undefined) return [speaksOfNmis ? 1 : 0];
  const nmis = numberList('--nmis', text, 0);
  if (!speaksOfNmis || nmis.some((count) => count > 0)) return nmis;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    '--assume says what an NMI does, and --nmis 0 that none arrives. Leave one out.',
  );
}

function readAssumptions(values: readonly string[]): Partial<Assumptions> {
  const entries = values.map(parseAssumption).flatMap((one) => Object.entries(one));
  const twice = entries.find(([name], index) => entries.findIndex(([other]) => other === name) !== index);
  if (twice === undefined) return Object.fromEntries(entries);
  throw new ShootdownError('INVALID_ARGUMENT', `--assume ${twice[0]}: it is assumed twice; say it once.`);
}

/** A comma list of names, each once. */
export function names(option: string, text: string): readonly string[] {
  const found = text.split(',').map((name) => name.trim());
  const twice = found.find((name, index) => found.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `${option} ${text}: ${twice} stands twice; list each once.`);
  return found;
}

/** @throws ShootdownError INVALID_ARGUMENT naming what there is */
export function oneOf<Some extends string>(option: string, text: string, known: readonly Some[]): Some {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `${option}: "${text}" is none of ${known.join(', ')}.${suggestion(text, known)}`,
  );
}

/** The command that repeats a request, defaults spelt out. */
function commandLine(request: Omit<CheckRequest, 'commandLine'>): string {
  return shellText([
    ...['shootdown', 'check'],
    ...request.strategies.flatMap((strategy) => ['--strategy', strategyText(strategy)]),
    ...['--scenario', request.scenarios.join(',')],
    ...['--cpus', request.cpus.join(',')],
    ...['--targets', request.targets.join(',')],
    ...['--initiators', request.initiators.join(',')],
    ...['--nmis', request.nmis.join(',')],
    ...Object.entries(request.assume).flatMap(([name, value]) => ['--assume', `${name}=${value}`]),
    ...['--memory', request.memory, '--walker', request.walker],
    ...['--reductions', request.reductions.length === 0 ? 'none' : request.reductions.join(',')],
    ...['--max-states', String(request.maxStates)],
    ...(request.maxSeconds === undefined ? [] : ['--max-seconds', String(request.maxSeconds)]),
    ...['--max-memory', String(request.maxMegabytes)],
  ]);
}
