import { terminalText, variantKey, variantLabel } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { type CheckDocument, checkVariant } from '../check/check-document.js';
import { checkText } from '../check/check-text.js';
import { type Context, widthOf } from '../context.js';
import { ERROR_CODES } from '@shootdown/core';
import { CONTRACT_VIOLATED, worstOf } from '../exit-code.js';
import type { Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import { checkName } from '../known-name.js';
import { startCheckProgress } from '../output/check-progress.js';
import { checkOutput, writeOutput } from '../output/write-output.js';
import { CHECK_ARGUMENTS, type CheckArguments, readCheckArguments } from './check-arguments.js';

/** `check`: explore every interleaving of small machines under the safety contract. */
export function checkCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'check', description: 'Explore every interleaving of small machines under the safety contract' },
    args: CHECK_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests(
        { command: 'check', definition: CHECK_ARGUMENTS, repeatable: ['strategy', 'assume'], words },
        context,
        check,
      ),
  });
}

async function check(words: readonly string[], reception: Reception): Promise<void> {
  const read = readCheckArguments(words);
  const { context, guests, strategies } = await reception.admit(read.request.strategies);
  const given = { ...read, request: { ...read.request, strategies, guests } };
  for (const { name } of strategies) checkName(context.laboratory, 'strategy', name);
  if (given.output !== undefined) checkOutput(given.output);
  const document = await explore(given, context);
  if (given.output === undefined) context.stdout.write(textOf(document, given, widthOf(context.stdout)));
  else writeOutput(given.output, textOf(document, given, FILE_WIDTH));
  reportViolations(document, given, context);
  context.finish(exitCodeOfCheck(document, given.allowsUnsafe));
}

async function explore(given: CheckArguments, context: Context): Promise<CheckDocument> {
  const progress = startCheckProgress(context);
  const run = context.laboratory.checks.runCheck(given.request, progress.update);
  const forget = context.onInterrupt?.(() => {
    progress.stop();
    context.stderr.write('interrupted; what was covered:\n');
    context.stdout.write(textOf(run.soFar(), given, widthOf(context.stdout)));
  });
  try {
    return await run.finished;
  } finally {
    forget?.();
    progress.stop();
  }
}

/** Characters of a line in a file. */
const FILE_WIDTH = 120;

function textOf(document: CheckDocument, { format }: CheckArguments, width: number): string {
  return format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : checkText(document, width);
}

/** The exit code that a check stands for. A violated cell counts unless it was allowed. */
export function exitCodeOfCheck({ rows }: CheckDocument, allowsUnsafe: boolean): number {
  return worstOf(
    rows.map(({ verdict, error }) => {
      if (error !== undefined) return ERROR_CODES[error.code].exitCode;
      return verdict === 'violated' && !allowsUnsafe ? CONTRACT_VIOLATED : 0;
    }),
  );
}

/** Says on stderr why the exit code is 4. */
function reportViolations(
  { rows, strategies }: CheckDocument,
  { allowsUnsafe }: CheckArguments,
  { stderr }: Context,
): void {
  const unsafe = new Set(rows.filter(({ verdict }) => verdict === 'violated').map(checkVariant));
  if (allowsUnsafe || unsafe.size === 0) return;
  const names = strategies.filter(({ name, options }) => unsafe.has(variantKey(name, options))).map(variantLabel);
  stderr.write(`contract violated (exit 4): ${terminalText(names.join(', '))}; --allow-unsafe accepts it\n`);
}
