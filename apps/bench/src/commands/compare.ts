import { render, type ResultDocument, terminalText, variantLabel } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import type { ComparisonRequest } from '../comparison-request.js';
import { allowsColor, type Context, widthOf } from '../context.js';
import { exitCodeOf } from '../exit-code.js';
import type { Reception } from '../guests/reception.js';
import { withGuests } from '../guests/with-guests.js';
import { checkName } from '../known-name.js';
import { startHostFacts } from '../output/host-facts.js';
import { startProgress } from '../output/progress-bar.js';
import { checkOutput, writeOutput } from '../output/write-output.js';
import { COMPARE_ARGUMENTS, type CompareArguments, readCompareArguments } from './compare-arguments.js';

/** `compare`: time strategies against each other and watch whether they keep the safety contract. */
export function compareCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'compare', description: 'Compare strategies: time, phases and safety in one table' },
    args: COMPARE_ARGUMENTS,
    run: ({ rawArgs: words }) =>
      withGuests(
        { command: 'compare', definition: COMPARE_ARGUMENTS, repeatable: ['strategy'], words },
        context,
        compare,
      ),
  });
}

async function compare(words: readonly string[], reception: Reception): Promise<void> {
  const read = readCompareArguments(words);
  const { context, guests, strategies } = await reception.admit(read.request.strategies);
  const given = { ...read, request: { ...read.request, strategies, guests } };
  checkNames(given.request, context);
  if (given.output !== undefined) checkOutput(given.output);
  const document = await simulate(given, context);
  deliver(document, given, context);
  reportViolations(document, given, context);
  context.finish(exitCodeOf(document, given.allowsUnsafe));
}

function checkNames({ machine, scenario, strategies }: ComparisonRequest, { laboratory }: Context): void {
  checkName(laboratory, 'machine', machine);
  checkName(laboratory, 'scenario', scenario);
  for (const { name } of strategies) checkName(laboratory, 'strategy', name);
}

async function simulate({ request, wantsHostFacts }: CompareArguments, context: Context): Promise<ResultDocument> {
  const addHostFacts = startHostFacts();
  const progress = startProgress(context);
  try {
    const document = await context.laboratory.runComparison(request, progress.update);
    return wantsHostFacts ? addHostFacts(document) : document;
  } finally {
    progress.stop();
  }
}

function deliver(
  document: ResultDocument,
  { format, output }: CompareArguments,
  { stdout, environment }: Context,
): void {
  if (output === undefined) {
    stdout.write(render(document, format, { color: allowsColor(stdout, environment), width: widthOf(stdout) }));
  } else {
    writeOutput(output, render(document, format, { color: false, width: FILE_WIDTH }));
  }
}

const FILE_WIDTH = 120;

/** Says on stderr why the exit code is 4, so that a script's log explains itself. */
function reportViolations(document: ResultDocument, { allowsUnsafe }: CompareArguments, { stderr }: Context): void {
  if (allowsUnsafe || exitCodeOf(document, false) === exitCodeOf(document, true)) return;
  const unsafe = document.rows.filter(({ safety }) => safety?.verdict === 'violated');
  const names = new Set(
    unsafe.map(({ strategy, options }) => variantLabel({ name: strategy, given: options, options })),
  );
  stderr.write(`contract violated (exit 4): ${terminalText([...names].join(', '))}; --allow-unsafe accepts it\n`);
}
