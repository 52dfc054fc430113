import { entries, unexpressed } from '@shootdown/zoo';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { wholeNumber } from '../arguments/numbers.js';
import { readArguments } from '../arguments/read-arguments.js';
import { allowsProgress, type Context, widthOf } from '../context.js';
import { GATE_FAILED } from '../exit-code.js';
import { packageVersion } from '../version.js';
import { entryOf } from '../zoo/entry-of.js';
import { entryText } from '../zoo/entry-text.js';
import { runZoo } from '../zoo/run-zoo.js';
import { zooText } from '../zoo/zoo-text.js';
import { readFormat } from './compare-arguments.js';
import { CATALOGUE_FORMATS } from './list.js';

const ZOO_ARGUMENTS = {
  show: {
    type: 'string',
    valueHint: 'ID',
    description: 'Source, expectation, diff and cells of one entry; runs nothing',
  },
  entry: { type: 'string', valueHint: 'LIST', description: 'Entries to run, all by default' },
  'max-states': { type: 'string', valueHint: 'N', default: '5000000', description: 'States of one exploration' },
  format: {
    type: 'string',
    valueHint: CATALOGUE_FORMATS.join('|'),
    default: 'table',
    description: 'Form of the result',
  },
} as const satisfies ArgsDef;

/** `zoo`: historic bugs and mutants, and whether the checker finds them. */
export function zooCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: {
      name: 'zoo',
      description: 'Explore historic bugs and mutants, and hold what is found against what was expected',
    },
    args: ZOO_ARGUMENTS,
    run: ({ rawArgs }) => zoo(rawArgs, context),
  });
}

async function zoo(rawArguments: readonly string[], context: Context): Promise<void> {
  const given = readArguments(rawArguments, ZOO_ARGUMENTS);
  const format = readFormat(given.one('format') ?? ZOO_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const shown = given.one('show');
  if (shown !== undefined) {
    context.stdout.write(entryText(entryOf(shown), widthOf(context.stdout)));
    return;
  }
  const chosen =
    given
      .one('entry')
      ?.split(',')
      .map((id) => entryOf(id.trim())) ?? entries;
  const maxStates = wholeNumber('--max-states', given.one('max-states') ?? ZOO_ARGUMENTS['max-states'].default, 1);
  const rows = await runZoo(chosen, { maxStates }, ({ id, variant }) => {
    if (allowsProgress(context)) context.stderr.write(`${id} ${variant}\n`);
  });
  const tool = { name: 'shootdown', version: packageVersion() };
  const document = { schemaVersion: 1, kind: 'zoo', tool, rows, unexpressed };
  context.stdout.write(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : zooText(rows));
  context.finish(rows.every(({ ok }) => ok) ? 0 : GATE_FAILED);
}
