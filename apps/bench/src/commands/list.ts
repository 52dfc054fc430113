import { ShootdownError } from '@shootdown/core';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';
import { exitCodeOfError, worstOf } from '../exit-code.js';
import { GUEST_ARGUMENTS } from '../guests/guest-arguments.js';
import type { Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import type { Kind } from '../laboratory.js';
import { alignColumns } from '../output/align.js';
import { errorText } from '../output/error-text.js';
import { suggestion } from '@shootdown/host';
import { readFormat } from './compare-arguments.js';

/** What may be listed, by the plural that the command line uses. */
const PLURALS: Readonly<Record<string, Kind>> = { strategies: 'strategy', scenarios: 'scenario', machines: 'machine' };

/** Forms in which names and details are shown. */
export const CATALOGUE_FORMATS = ['table', 'json'] as const;

const LIST_ARGUMENTS = {
  kind: {
    type: 'positional',
    required: false,
    valueHint: 'strategies|scenarios|machines',
    description: 'strategies, scenarios or machines',
  },
  format: { type: 'string', valueHint: CATALOGUE_FORMATS.join('|'), default: 'table', description: 'Form of the list' },
  ...GUEST_ARGUMENTS,
} as const satisfies ArgsDef;

/** `list`: the names that the other commands take. */
export function listCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'list', description: 'List strategies, scenarios or machines' },
    args: LIST_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests({ command: 'list', definition: LIST_ARGUMENTS, repeatable: [], words }, context, list),
  });
}

async function list(words: readonly string[], reception: Reception): Promise<void> {
  const given = readArguments(words, LIST_ARGUMENTS);
  const kind = readPlural(given.positional('kind'));
  const format = readFormat(given.one('format') ?? LIST_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const { context, guests } = kind === 'strategy' ? await reception.admitAll() : await reception.admit([]);
  const entries = context.laboratory.list(kind);
  const lines = entries.map(({ name, summary }) => [name, summary]);
  context.stdout.write(format === 'json' ? `${JSON.stringify(entries, null, 2)}\n` : `${alignColumns(lines)}\n`);
  const refusals = guests.strategies.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  for (const refusal of refusals) context.stderr.write(errorText(refusal));
  context.finish(worstOf(refusals.map(exitCodeOfError)));
}

function readPlural(text: string): Kind {
  const kind = Object.hasOwn(PLURALS, text) ? PLURALS[text] : undefined;
  if (kind !== undefined) return kind;
  const known = Object.keys(PLURALS);
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `list: "${text}" is nothing that can be listed.${suggestion(text, known)}`,
  );
}
