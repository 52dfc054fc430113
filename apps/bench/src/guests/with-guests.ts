import { configFile, type OptionValue } from '@shootdown/host';
import { terminalText } from '@shootdown/reporter';
import type { ArgsDef } from 'citty';
import { type ReadArguments, readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';
import { loadConfiguration } from './configuration.js';
import { limitSeconds } from './guest-arguments.js';
import { Reception } from './reception.js';

/** A command line as its command defines it. */
export interface CommandLine {
  readonly command: string;
  readonly definition: ArgsDef;
  readonly repeatable: readonly string[];
  readonly words: readonly string[];
}

/**
 * Runs a command with what its user brings along: the defaults of the configuration stand on the command line, as `words`, unless an option is given, and the
 * reception meets strategies. Threads are ended afterwards.
 */
export async function withGuests(
  line: CommandLine,
  context: Context,
  body: (words: readonly string[], reception: Reception) => Promise<void> | void,
): Promise<void> {
  const given = readArguments(line.words, line.definition, line.repeatable);
  const directory = context.directory ?? process.cwd();
  const file = given.one('config') ?? configFile(directory);
  const terms = termsOf(given, line.definition, context);
  const configuration =
    file === undefined ? undefined : await loadConfiguration(file, directory, context.laboratory, terms);
  const words = [...line.words, ...defaultWords(configuration?.defaults[line.command] ?? {}, line, given)];
  const reception = new Reception(
    context,
    directory,
    configuration,
    termsOf(readArguments(words, line.definition, line.repeatable), line.definition, context),
  );
  try {
    await body(words, reception);
  } finally {
    await reception.close();
  }
}

function termsOf(
  given: ReadArguments,
  definition: ArgsDef,
  { stderr }: Context,
): ConstructorParameters<typeof Reception>[3] {
  return {
    limitSeconds: limitSeconds(given, definition),
    onText: (text) => {
      for (const each of text.replace(/\n$/, '').split('\n')) stderr.write(`${terminalText(each)}\n`);
    },
  };
}

function defaultWords(
  defaults: Readonly<Record<string, OptionValue>>,
  { repeatable }: CommandLine,
  given: ReadArguments,
): readonly string[] {
  return Object.entries(defaults).flatMap(([name, value]) => {
    if (given.flag(name) || value === false) return [];
    if (value === true) return [`--${name}`];
    const values = Array.isArray(value) ? value.map(String) : [String(value)];
    return (repeatable.includes(name) ? values : [values.join(',')]).map((each) => `--${name}=${each}`);
  });
}
