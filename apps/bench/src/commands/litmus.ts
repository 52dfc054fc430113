import type { LitmusResult } from '@shootdown/checker';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';
import { GATE_FAILED } from '../exit-code.js';
import { litmusFiles, runLitmusFiles } from '../litmus/run-litmus-files.js';
import { alignColumns } from '../output/align.js';
import { CATALOGUE_FORMATS } from './list.js';
import { readFormat } from './compare-arguments.js';

const LITMUS_ARGUMENTS = {
  files: {
    type: 'positional',
    required: false,
    valueHint: 'FILE…',
    description: 'files of litmus tests; without one, those that come with the laboratory',
  },
  format: {
    type: 'string',
    valueHint: CATALOGUE_FORMATS.join('|'),
    default: 'table',
    description: 'Form of the result',
  },
} as const satisfies ArgsDef;

/** `litmus`: explore small programs and hold what they show against what they must show. */
export function litmusCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'litmus', description: 'Explore small programs for a few CPUs and what may come of them' },
    args: LITMUS_ARGUMENTS,
    run: ({ rawArgs }) => litmus(rawArgs, context),
  });
}

async function litmus(rawArguments: readonly string[], { stdout, finish }: Context): Promise<void> {
  const given = readArguments(rawArguments, LITMUS_ARGUMENTS, [], true);
  const format = readFormat(given.one('format') ?? LITMUS_ARGUMENTS.format.default, CATALOGUE_FORMATS);
  const rows = await runLitmusFiles(litmusFiles(given.positionals));
  stdout.write(
    format === 'json' ? `${JSON.stringify({ schemaVersion: 1, kind: 'litmus-results', rows }, null, 2)}\n` : text(rows),
  );
  finish(rows.every(({ ok }) => ok) ? 0 : GATE_FAILED);
}

const HEAD = ['id', 'memory', '', 'states', 'outcomes', 'violations', 'title'];

function text(rows: readonly LitmusResult[]): string {
  const failed = rows.filter(({ ok }) => !ok);
  return [
    alignColumns([HEAD, ...rows.map(cells)]),
    ...failed.map(failure),
    `${rows.length - failed.length} of ${rows.length} show what they must show`,
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function cells({ id, memory, ok, observed, title }: LitmusResult): readonly string[] {
  const { states, outcomes, violations } = observed;
  return [id, memory, ok ? 'ok' : 'FAILED', String(states), String(outcomes.length), violations.join(', '), title];
}

function failure({ id, memory, expected, observed }: LitmusResult): string {
  return alignColumns([
    [`${id}, ${memory}`, ''],
    ['  expected', JSON.stringify(expected)],
    ['  observed', JSON.stringify(observed)],
  ]);
}
