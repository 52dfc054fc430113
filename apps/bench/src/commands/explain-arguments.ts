import { cellScenarios, MEMORIES, TARGET_STATES, WALKERS } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import type { ArgsDef } from 'citty';
import { shellText } from '../arguments/command-line.js';
import { wholeNumber } from '../arguments/numbers.js';
import { readArguments } from '../arguments/read-arguments.js';
import { readStrategies, strategyText } from '../arguments/strategies.js';
import type { ExplainRequest } from '../explain/explain-request.js';
import { GUEST_ARGUMENTS, guestWords } from '../guests/guest-arguments.js';
import { names, oneOf } from './check-arguments.js';
import { readFormat } from './compare-arguments.js';

/** Forms of an explanation. */
const EXPLAIN_FORMATS = ['table', 'json'] as const;

const DEFAULTS = {
  scenario: cellScenarios.map(({ name }) => name).join(','),
  cpus: '2',
  targets: 'user,lazy,switching',
  initiators: '1',
  memory: 'tso',
  walker: 'demand',
  'max-states': '20000000',
  'max-memory': '4000',
  format: 'table',
} as const;

/** Options of `explain`, as the help text shows them. */
export const EXPLAIN_ARGUMENTS: ArgsDef = {
  strategy: {
    type: 'positional',
    required: false,
    description: 'A name, package or path, with or without JSON options',
  },
  scenario: { type: 'string', valueHint: 'LIST', default: DEFAULTS.scenario, description: 'What is flushed' },
  cpus: { type: 'string', valueHint: 'N', default: DEFAULTS.cpus, description: 'CPUs of the machine, 2 to 4' },
  targets: {
    type: 'string',
    valueHint: 'LIST',
    default: DEFAULTS.targets,
    description: `States of the CPUs that initiate nothing: ${TARGET_STATES.join(', ')}`,
  },
  initiators: { type: 'string', valueHint: '1|2', default: DEFAULTS.initiators, description: 'Initiators' },
  memory: { type: 'string', valueHint: MEMORIES.join('|'), default: DEFAULTS.memory, description: 'Memory model' },
  walker: {
    type: 'string',
    valueHint: WALKERS.join('|'),
    default: DEFAULTS.walker,
    description: 'Walks and evictions at any time, or on demand only',
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
    valueHint: EXPLAIN_FORMATS.join('|'),
    default: DEFAULTS.format,
    description: 'Form of the result',
  },
  output: { type: 'string', valueHint: 'FILE', description: 'Write the result to a file, whole or not at all' },
  ...GUEST_ARGUMENTS,
  'allow-unsafe': { type: 'boolean', description: 'Exit 0 although the strategy violated the contract as it is' },
};

/** A command line of `explain`, not yet held against what the laboratory knows. */
export interface ExplainArguments {
  readonly request: ExplainRequest;
  readonly format: (typeof EXPLAIN_FORMATS)[number];
  readonly output: string | undefined;
  readonly allowsUnsafe: boolean;
}

/** @throws ShootdownError INVALID_ARGUMENT naming the argument and what would be right */
export function readExplainArguments(rawArguments: readonly string[]): ExplainArguments {
  const given = readArguments(rawArguments, EXPLAIN_ARGUMENTS);
  const text = (name: keyof typeof DEFAULTS): string => given.one(name) ?? DEFAULTS[name];
  const maxSeconds = given.one('max-seconds');
  const request = {
    strategy: readStrategy(given.positional('strategy')),
    scenarios: names('--scenario', text('scenario')),
    targets: names('--targets', text('targets')).map((name) => oneOf('--targets', name, TARGET_STATES)),
    cpus: wholeNumber('--cpus', text('cpus'), 1),
    initiators: oneOf('--initiators', text('initiators'), ['1', '2']) === '1' ? (1 as const) : (2 as const),
    memory: oneOf('--memory', text('memory'), MEMORIES),
    walker: oneOf('--walker', text('walker'), WALKERS),
    maxStates: wholeNumber('--max-states', text('max-states'), 1),
    maxSeconds: maxSeconds === undefined ? undefined : wholeNumber('--max-seconds', maxSeconds, 1),
    maxMegabytes: wholeNumber('--max-memory', text('max-memory'), 1),
  };
  return {
    request: { ...request, commandLine: `${commandLine(request)}${guestWords(given)}` },
    format: readFormat(given.one('format') ?? DEFAULTS.format, EXPLAIN_FORMATS),
    output: given.one('output'),
    allowsUnsafe: given.flag('allow-unsafe'),
  };
}

function readStrategy(text: string): ExplainRequest['strategy'] {
  const [strategy, ...more] = readStrategies([text]);
  if (strategy !== undefined && more.length === 0) return strategy;
  throw new ShootdownError('INVALID_ARGUMENT', `${text}: explain takes one strategy; ask for the others in turn.`);
}

/** The command that repeats a request, defaults spelt out. */
function commandLine(request: Omit<ExplainRequest, 'commandLine'>): string {
  return shellText([
    ...['shootdown', 'explain', strategyText(request.strategy)],
    ...['--scenario', request.scenarios.join(',')],
    ...['--cpus', String(request.cpus), '--targets', request.targets.join(',')],
    ...['--initiators', String(request.initiators)],
    ...['--memory', request.memory, '--walker', request.walker],
    ...['--max-states', String(request.maxStates), '--max-memory', String(request.maxMegabytes)],
    ...(request.maxSeconds === undefined ? [] : ['--max-seconds', String(request.maxSeconds)]),
  ]);
}
