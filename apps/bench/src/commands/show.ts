import { ShootdownError } from '@shootdown/core';
import { terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';
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
  name: { type: 'positional', required: false, description: 'a name that list shows' },
  format: {
    type: 'string',
    valueHint: CATALOGUE_FORMATS.join('|'),
    default: 'table',
    description: 'Form of the details',
  },
} as const satisfies ArgsDef;

/** `show`: everything about one machine, scenario or strategy, with sources, options and defaults. */
export function showCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'show', description: 'Show a machine, scenario or strategy with its sources, options and defaults' },
    args: SHOW_ARGUMENTS,
    run: ({ rawArgs }) => show(rawArgs, context),
  });
}

function show(rawArguments: readonly string[], { laboratory, stdout }: Context): void {
  const given = readArguments(rawArguments, SHOW_ARGUMENTS);
  const kind = readKind(given.positional('kind'));
  const name = checkName(laboratory, kind, given.positional('name'));
  const format = readFormat(given.one('format') ?? SHOW_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const detail = laboratory.show(kind, name);
  stdout.write(format === 'json' ? `${JSON.stringify(detail.data, null, 2)}\n` : detailText(detail));
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
