import { mermaidText, sequenceText, stepsOf } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import { type JsonObject, type JsonValue, terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readJsonFile } from '../arguments/json-file.js';
import { wholeNumber } from '../arguments/numbers.js';
import { readArguments } from '../arguments/read-arguments.js';
import { strategyText } from '../arguments/strategies.js';
import { endingOf } from '../check/check-text.js';
import type { ReplayedCounterexample } from '../check/replay-counterexample.js';
import type { Context } from '../context.js';
import { GUEST_ARGUMENTS } from '../guests/guest-arguments.js';
import { runnerOf } from '../guests/guests.js';
import type { Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import { entryOf, isEntryId } from '../zoo/entry-of.js';
import { type ReplayedEntry, replayEntry } from '../zoo/replay-entry.js';
import { readFormat } from './compare-arguments.js';

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
  moves: { type: 'boolean', description: 'Show every move under its step' },
  format: { type: 'string', valueHint: REPLAY_FORMATS.join('|'), default: 'table', description: 'Form of the result' },
  ...GUEST_ARGUMENTS,
} as const satisfies ArgsDef;

/** `replay`: execute a saved counterexample again and show it. */
export function replayCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'replay', description: 'Execute a counterexample again and show it as a sequence of steps' },
    args: REPLAY_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests({ command: 'replay', definition: REPLAY_ARGUMENTS, repeatable: [], words }, context, replay),
  });
}

async function replay(words: readonly string[], reception: Reception): Promise<void> {
  const given = readArguments(words, REPLAY_ARGUMENTS);
  const { stdout } = reception.context;
  const format = readFormat(given.one('format') ?? REPLAY_ARGUMENTS.format.default, REPLAY_FORMATS);
  const path = given.positional('file');
  if (isEntryId(path)) {
    stdout.write(entryForm(replayEntry(entryOf(path), ENTRY_STATES), format, given.flag('moves')));
    return;
  }
  const row = given.one('row');
  const content = chosen(readJsonFile(path), row === undefined ? undefined : wholeNumber('--row', row, 1), path);
  const replayed = await replayedBy(reception, content, path, given.one('strategy'));
  if (format === 'json') stdout.write(`${JSON.stringify(replayed, null, 2)}\n`);
  else stdout.write(format === 'mermaid' ? mermaid(replayed) : sequence(replayed, given.flag('moves')));
}

/** A file is data: no module is loaded because it is named there. */
async function replayedBy(
  reception: Reception,
  content: JsonValue,
  path: string,
  asked: string | undefined,
): Promise<ReplayedCounterexample> {
  const { context, guests, strategies } =
    asked === undefined ? await reception.admitAll() : await reception.admit([{ name: asked, options: {} }]);
  const runner = runnerOf(guests, strategies[0]?.name ?? String(fields(content)['strategy']));
  return runner === undefined ? context.laboratory.checks.replay(content, path) : runner.replay(content, path);
}

function sequence({ counterexample, trace }: ReplayedCounterexample, moves: boolean): string {
  const { strategy, options, cell, memory } = counterexample;
  const name = strategyText({ name: strategy, options: options as JsonObject });
  const lines = [
    `${name}, ${cell.scenario}, under ${memory}: ${trace.length} moves, each as it was found.`,
    ...sequenceText(stepsOf(trace), cell.cpus, endingOf(counterexample), { moves }),
  ];
  return lines.map((line) => `${terminalText(line)}\n`).join('');
}

function entryForm(found: ReplayedEntry, format: (typeof REPLAY_FORMATS)[number], moves: boolean): string {
  if (format === 'json') return `${JSON.stringify(found, null, 2)}\n`;
  const { contract, form, cpu, text } = found.violation;
  const ending = { cpu, text: `${contract} ${form}: ${text}` };
  const steps = stepsOf(found.trace);
  if (format === 'mermaid') return `${mermaidText(steps, found.cpus, ending).join('\n')}\n`;
  const head = `${found.id}, ${found.title}, under ${found.memory}: ${found.trace.length} moves.`;
  return [head, ...sequenceText(steps, found.cpus, ending, { moves })]
    .map((line) => `${terminalText(line)}\n`)
    .join('');
}

function mermaid({ counterexample, trace }: ReplayedCounterexample): string {
  return `${mermaidText(stepsOf(trace), counterexample.cell.cpus, endingOf(counterexample)).join('\n')}\n`;
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
