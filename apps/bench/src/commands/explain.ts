import { terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { type Context, widthOf } from '../context.js';
import { CONTRACT_VIOLATED } from '../exit-code.js';
import type { ExplainDocument } from '../explain/explain-document.js';
import { explainText } from '../explain/explain-text.js';
import type { Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import { checkName } from '../known-name.js';
import { startCheckProgress } from '../output/check-progress.js';
import { checkOutput, writeOutput } from '../output/write-output.js';
import { EXPLAIN_ARGUMENTS, type ExplainArguments, readExplainArguments } from './explain-arguments.js';

/** `explain`: give up one assumption after the other and tell which of them a strategy's safety rests on. */
export function explainCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'explain', description: 'Tell which assumptions the safety of a strategy rests on' },
    args: EXPLAIN_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests({ command: 'explain', definition: EXPLAIN_ARGUMENTS, repeatable: [], words }, context, explain),
  });
}

/** Characters of a line in a file. */
const FILE_WIDTH = 120;

async function explain(words: readonly string[], reception: Reception): Promise<void> {
  const read = readExplainArguments(words);
  const { context, guests, strategies } = await reception.admit([read.request.strategy]);
  const [strategy = read.request.strategy] = strategies;
  const given = { ...read, request: { ...read.request, strategy, guests } };
  checkName(context.laboratory, 'strategy', given.request.strategy.name);
  if (given.output !== undefined) checkOutput(given.output);
  const document = await judged(given, context);
  if (given.output === undefined) context.stdout.write(textOf(document, given, widthOf(context.stdout)));
  else writeOutput(given.output, textOf(document, given, FILE_WIDTH));
  const isUnsafe = !given.allowsUnsafe && document.base.some(({ verdict }) => verdict === 'violated');
  if (isUnsafe)
    context.stderr.write(
      `contract violated (exit 4): ${terminalText(document.strategy)}, with every assumption at its default; --allow-unsafe accepts it\n`,
    );
  context.finish(isUnsafe ? CONTRACT_VIOLATED : 0);
}

async function judged(given: ExplainArguments, context: Context): Promise<ExplainDocument> {
  const progress = startCheckProgress(context);
  const run = context.laboratory.checks.runExplain(given.request, progress.update);
  const forget = context.onInterrupt?.(() => {
    progress.stop();
    context.stderr.write('interrupted; what was judged:\n');
    const soFar = run.soFar();
    if (soFar !== undefined) context.stdout.write(textOf(soFar, given, widthOf(context.stdout)));
  });
  try {
    return await run.finished;
  } finally {
    forget?.();
    progress.stop();
  }
}

function textOf(document: ExplainDocument, { format }: ExplainArguments, width: number): string {
  return format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : explainText(document, width);
}
