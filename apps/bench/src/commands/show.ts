import { ShootdownError } from '@shootdown/core';
import { terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';
import { GUEST_ARGUMENTS } from '../guests/guest-arguments.js';
import type { Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import { checkName } from '../known-name.js';
import { type CatalogueDetail, type DetailTable, type Kind, KINDS } from '../laboratory.js';
import { alignColumns } from '../output/align.js';
import { suggestion } from '@shootdown/host';
import { readFormat } from './compare-arguments.js';
import { CATALOGUE_FORMATS } from './list.js';

const SHOW_ARGUMENTS = {
  kind: {
    type: 'positional',
    required: false,
    valueHint: KINDS.join('|'),
    description: 'machine, scenario or strategy',
  },
  name: {
    type: 'positional',
    required: false,
    description: 'a name that list shows; of a strategy also a package or path',
  },
  format: {
    type: 'string',
    valueHint: CATALOGUE_FORMATS.join('|'),
    default: 'table',
    description: 'Form of the details',
  },
  ...GUEST_ARGUMENTS,
} as const satisfies ArgsDef;

/** `show`: everything about one machine, scenario or strategy, with sources, options and defaults. */
export function showCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'show', description: 'Show a machine, scenario or strategy with its sources, options and defaults' },
    args: SHOW_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests({ command: 'show', definition: SHOW_ARGUMENTS, repeatable: [], words }, context, show),
  });
}

async function show(words: readonly string[], reception: Reception): Promise<void> {
  const given = readArguments(words, SHOW_ARGUMENTS);
  const kind = readKind(given.positional('kind'));
  const format = readFormat(given.one('format') ?? SHOW_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const asked = given.positional('name');
  const { context, guests, strategies } = await reception.admit(
    kind === 'strategy' ? [{ name: asked, options: {} }] : [],
  );
  const [refused] = guests.strategies.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  if (refused !== undefined) throw refused;
  const name = checkName(context.laboratory, kind, strategies[0]?.name ?? asked);
  const detail = context.laboratory.show(kind, name);
  context.stdout.write(format === 'json' ? `${JSON.stringify(detail.data, null, 2)}\n` : detailText(detail));
}

function readKind(text: string): Kind {
  const kind = KINDS.find((each) => each === text);
  if (kind !== undefined) return kind;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `show: "${text}" is nothing that can be shown.${suggestion(text, KINDS)}`,
  );
}

function detailText({ name, summary, facts, tables }: CatalogueDetail): string {
  const head = `${terminalText(name)}: ${terminalText(summary)}`;
  const blocks = facts.length === 0 ? [head] : [head, alignColumns(facts)];
  return `${[...blocks, ...tables.map(tableText)].join('\n\n')}\n`;
}

function tableText({ title, head, lines }: DetailTable): string {
  return `${terminalText(title)}\n${alignColumns([head, ...lines])}`;
}
