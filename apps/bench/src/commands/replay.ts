import { mermaidText, sequenceText, stepsOf } from '@shootdown/checker';
import { type MachineProfile, machineProfile, ShootdownError } from '@shootdown/core';
import { type JsonObject, type JsonValue, terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readJsonFile } from '../arguments/json-file.js';
import { wholeNumber } from '../arguments/numbers.js';
import { type ReadArguments, readArguments } from '../arguments/read-arguments.js';
import { strategyText } from '../arguments/strategies.js';
import { endingOf } from '../check/check-text.js';
import { type Context, widthOf } from '../context.js';
import { GUEST_ARGUMENTS } from '../guests/guest-arguments.js';
import { runnerOf } from '../guests/guests.js';
import type { Admitted, Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import { checkName } from '../known-name.js';
import type { ReplayDocument } from '../replay/replay-document.js';
import { replayEntry } from '../replay/replay-entry.js';
import { timingText } from '../replay/timing-text.js';
import { entryOf, isEntryId } from '../zoo/entry-of.js';
import { DEFAULT_MACHINE, readFormat } from './compare-arguments.js';

/** States within which an entry of the zoo is found. */
const ENTRY_STATES = 5_000_000;
const REPLAY_FORMATS = ['table', 'mermaid', 'json'] as const;

const REPLAY_ARGUMENTS = {
  file: {
    type: 'positional',
    required: false,
    description: 'a counterexample, a result of check --format json, or the id of a zoo entry',
  },
  row: { type: 'string', valueHint: 'N', description: 'Row of a result of check (Default: the first violated one)' },
  strategy: {
    type: 'string',
    valueHint: 'NAME',
    description: 'Package or path of the strategy, when it is not the laboratory’s',
  },
  machine: {
    type: 'string',
    valueHint: 'NAME',
    default: DEFAULT_MACHINE,
    description: 'Machine profile that the run is timed on',
  },
  moves: { type: 'boolean', description: 'Show every move under its step' },
  format: { type: 'string', valueHint: REPLAY_FORMATS.join('|'), default: 'table', description: 'Form of the result' },
  ...GUEST_ARGUMENTS,
} as const satisfies ArgsDef;

/** `replay`: execute a saved counterexample again, without time and in time, and show it. */
export function replayCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: {
      name: 'replay',
      description:
        'Execute a counterexample again, show it as a sequence of steps, and tell what it needs of luck on a machine',
    },
    args: REPLAY_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests({ command: 'replay', definition: REPLAY_ARGUMENTS, repeatable: [], words }, context, replay),
  });
}

async function replay(words: readonly string[], reception: Reception): Promise<void> {
  const given = readArguments(words, REPLAY_ARGUMENTS);
  const format = readFormat(given.one('format') ?? REPLAY_ARGUMENTS.format.default, REPLAY_FORMATS);
  const document = await replayed(given, reception);
  const { stdout } = reception.context;
  if (format === 'json') stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else
    stdout.write(format === 'mermaid' ? mermaid(document) : sequence(document, given.flag('moves'), widthOf(stdout)));
}

async function replayed(given: ReadArguments, reception: Reception): Promise<ReplayDocument> {
  const path = given.positional('file');
  const machine = given.one('machine') ?? DEFAULT_MACHINE;
  if (isEntryId(path)) return replayEntry(entryOf(path), ENTRY_STATES, profileOf(await reception.admitAll(), machine));
  const row = given.one('row');
  const content = chosen(readJsonFile(path), row === undefined ? undefined : wholeNumber('--row', row, 1), path);
  return replayedBy(reception, content, path, given.one('strategy'), machine);
}

/** A file is data: no module is loaded because it is named there. */
async function replayedBy(
  reception: Reception,
  content: JsonValue,
  path: string,
  asked: string | undefined,
  machine: string,
): Promise<ReplayDocument> {
  const admitted =
    asked === undefined ? await reception.admitAll() : await reception.admit([{ name: asked, options: {} }]);
  const { context, guests, strategies } = admitted;
  const profile = profileOf(admitted, machine);
  const runner = runnerOf(guests, strategies[0]?.name ?? String(fields(content)['strategy']));
  return (runner ?? context.laboratory.checks).replay(content, path, profile);
}

/** @throws ShootdownError UNKNOWN_MACHINE */
function profileOf({ context, guests }: Admitted, name: string): MachineProfile {
  checkName(context.laboratory, 'machine', name);
  return guests.machines.find((profile) => profile.name === name) ?? machineProfile(name);
}

/** The head, the steps with their times, and what they need of luck. */
function sequence(document: ReplayDocument, moves: boolean, width: number): string {
  const { trace, cpus, timing } = document;
  const steps = sequenceText(stepsOf(trace), cpus, ending(document), { moves, ...(timing && { times: timing.moves }) });
  const run = [headOf(document), ...steps].map(asLine).join('');
  return `${run}\n${[...claimOf(document), timingText(document, width)].join('\n')}\n`;
}

function asLine(text: string): string {
  return `${terminalText(text)}\n`;
}

/** C6 speaks of every way that leads on from the last state. */
function claimOf({ violation }: ReplayDocument): readonly string[] {
  return violation.contract === 'C6'
    ? ['That nothing leads on from there is what the search found; a replay does not search.']
    : [];
}

function headOf({ counterexample, id, title, memory, trace }: ReplayDocument): string {
  if (counterexample === null) return `${id}, ${title}, under ${memory}: ${trace.length} moves.`;
  const { strategy, options, cell } = counterexample;
  const name = strategyText({ name: strategy, options: options as JsonObject });
  return `${name}, ${cell.scenario}, under ${memory}: ${trace.length} moves, each as it was found.`;
}

function ending({ counterexample, violation }: ReplayDocument): ReturnType<typeof endingOf> {
  return endingOf({ violation, onlyUnderTso: counterexample?.onlyUnderTso ?? false });
}

function mermaid(document: ReplayDocument): string {
  const { trace, cpus, timing } = document;
  return mermaidText(stepsOf(trace), cpus, ending(document), timing?.moves).map(asLine).join('');
}

/** The counterexample of a file: the file itself, or one of a check's rows. */
function chosen(content: JsonValue, row: number | undefined, path: string): JsonValue {
  const rows = rowsOf(content);
  if (rows === undefined) return content;
  const found = row === undefined ? rows.find((each) => counterexampleOf(each) !== null) : rows[row - 1];
  const counterexample = found === undefined ? null : counterexampleOf(found);
  if (counterexample !== null) return counterexample;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    row === undefined
      ? `${path} holds no counterexample; its ${rows.length} rows are not violated.`
      : `--row ${row}: ${path} has no violated row of this number.`,
  );
}

function rowsOf(content: JsonValue): readonly JsonValue[] | undefined {
  const { kind, rows } = fields(content);
  return kind === 'check' && Array.isArray(rows) ? (rows as readonly JsonValue[]) : undefined;
}

function counterexampleOf(row: JsonValue): JsonValue {
  return fields(row)['counterexample'] ?? null;
}

function fields(value: JsonValue): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}
