import { ShootdownError } from '@shootdown/core';
import { type Format, FORMATS } from '@shootdown/reporter';
import type { ArgsDef } from 'citty';
import { commandLineOf } from '../arguments/command-line.js';
import { positiveList, wholeNumber } from '../arguments/numbers.js';
import { type ReadArguments, readArguments } from '../arguments/read-arguments.js';
import { readStrategies } from '../arguments/strategies.js';
import { GUEST_ARGUMENTS, guestWords } from '../guests/guest-arguments.js';
import type { ComparisonRequest } from '../comparison-request.js';
import { suggestion } from '@shootdown/host';

/** The comparison of the 2019 thread, and beside it the protocol as it was first posted there. */
const DEFAULT_STRATEGIES = ['sync,concurrent,async-inline', 'async-inline{"ack":"none"}'] as const;

/** The machine of every command that times something. */
export const DEFAULT_MACHINE = 'haswell';

/** What the options mean when they are left out. */
const DEFAULTS = {
  machine: DEFAULT_MACHINE,
  scenario: 'madvise',
  threads: '1,2,4',
  seed: '1',
  format: 'table',
} as const;

/** Options of `compare`, as the help text shows them. */
export const COMPARE_ARGUMENTS: ArgsDef = {
  machine: { type: 'string', valueHint: 'NAME', default: DEFAULTS.machine, description: 'Machine profile' },
  scenario: { type: 'string', valueHint: 'NAME', default: DEFAULTS.scenario, description: 'Workload' },
  strategy: {
    type: 'string',
    valueHint: 'LIST',
    description: `Comma list of names, packages or paths, or one with JSON options; may be repeated; the first is the reference (Default: ${DEFAULT_STRATEGIES.join(' ')})`,
  },
  threads: { type: 'string', valueHint: 'LIST', default: DEFAULTS.threads, description: 'Threads of the process' },
  pages: { type: 'string', valueHint: 'LIST', description: 'Pages per operation (Default: as the scenario says)' },
  iterations: { type: 'string', valueHint: 'N', description: 'Operations per cell (Default: as the scenario says)' },
  seed: { type: 'string', valueHint: 'N', default: DEFAULTS.seed, description: 'Seed of all random streams' },
  format: { type: 'string', valueHint: FORMATS.join('|'), default: DEFAULTS.format, description: 'Form of the result' },
  output: { type: 'string', valueHint: 'FILE', description: 'Write the result to a file, whole or not at all' },
  ...GUEST_ARGUMENTS,
  'allow-unsafe': { type: 'boolean', description: 'Exit 0 although a strategy violated the safety contract' },
  'host-facts': { type: 'boolean', description: 'Add facts about this host and the time to the manifest' },
};

/** A command line of `compare`, read but not yet held against what the laboratory knows. */
export interface CompareArguments {
  readonly request: ComparisonRequest;
  readonly format: Format;
  readonly output: string | undefined;
  readonly allowsUnsafe: boolean;
  readonly wantsHostFacts: boolean;
}

/** @throws ShootdownError INVALID_ARGUMENT naming the argument and what would be right */
export function readCompareArguments(rawArguments: readonly string[]): CompareArguments {
  const given = readArguments(rawArguments, COMPARE_ARGUMENTS, ['strategy']);
  const request = readRequest(given);
  return {
    request: { ...request, commandLine: `${commandLineOf(request)}${guestWords(given)}` },
    format: readFormat(given.one('format') ?? DEFAULTS.format, FORMATS),
    output: given.one('output'),
    allowsUnsafe: given.flag('allow-unsafe'),
    wantsHostFacts: given.flag('host-facts'),
  };
}

function readRequest(given: ReadArguments): Omit<ComparisonRequest, 'commandLine'> {
  const strategies = given.all('strategy');
  const iterations = given.one('iterations');
  const pages = given.one('pages');
  return {
    machine: given.one('machine') ?? DEFAULTS.machine,
    scenario: given.one('scenario') ?? DEFAULTS.scenario,
    strategies: readStrategies(strategies.length === 0 ? DEFAULT_STRATEGIES : strategies),
    threads: positiveList('--threads', given.one('threads') ?? DEFAULTS.threads),
    pages: pages === undefined ? undefined : positiveList('--pages', pages),
    iterations: iterations === undefined ? undefined : wholeNumber('--iterations', iterations, 1),
    seed: wholeNumber('--seed', given.one('seed') ?? DEFAULTS.seed, 0),
  };
}

/** @throws ShootdownError INVALID_ARGUMENT */
export function readFormat<Some extends string>(text: string, formats: readonly Some[]): Some {
  const format = formats.find((each) => each === text);
  if (format !== undefined) return format;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `--format: "${text}" is no format of this command.${suggestion(text, formats)}`,
  );
}
