import { parseArgs } from 'node:util';
import { ShootdownError } from '@shootdown/core';
import type { ArgsDef } from 'citty';
import { suggestion } from '@shootdown/host';

/** What stands on a command line, checked against the definition that also makes the help text. */
export interface ReadArguments {
  /** All values of an option that takes one, in order; empty when it is absent. */
  readonly all: (name: string) => readonly string[];
  /** The value of an option that may stand once. */
  readonly one: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  /** A positional argument, which may not be missing. */
  readonly positional: (name: string) => string;
  /** Every positional argument, of a command that takes any number. */
  readonly positionals: readonly string[];
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/**
 * Reads a command line strictly; `takesMany` admits any number of positional arguments. citty itself accepts unknown flags, surplus arguments and options without a value.
 * @throws ShootdownError INVALID_ARGUMENT naming the argument and what would be right
 */
export function readArguments(
  rawArguments: readonly string[],
  definition: ArgsDef,
  repeatable: readonly string[] = [],
  takesMany = false,
): ReadArguments {
  const names = Object.keys(definition).filter((name) => definition[name]?.type !== 'positional');
  const options = Object.fromEntries(
    names.map((name) => [name, { type: optionType(definition, name), multiple: true }]),
  );
  const { tokens } = parseArgs({
    args: [...rawArguments],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === 'option');
  for (const token of given) checkOption(token, names, definition);
  checkRepeats(given, repeatable);
  const values = tokens.filter((token) => token.kind === 'positional').map(({ value }) => value);
  const positionals = takesMany ? new Map<string, string>() : readPositionals(values, definition);
  const all = (name: string): readonly string[] =>
    given.filter((token) => token.name === name).map(({ value }) => value ?? '');
  return {
    all,
    one: (name) => all(name)[0],
    flag: (name) => given.some((token) => token.name === name),
    positional: (name) => positionals.get(name) ?? '',
    positionals: values,
  };
}

function optionType(definition: ArgsDef, name: string): 'boolean' | 'string' {
  return definition[name]?.type === 'boolean' ? 'boolean' : 'string';
}

function checkOption(
  { name, rawName, value, inlineValue }: OptionToken,
  names: readonly string[],
  definition: ArgsDef,
): void {
  if (!names.includes(name)) {
    const known = names.map((each) => `--${each}`);
    throw new ShootdownError('INVALID_ARGUMENT', `Unknown option ${rawName}.${suggestion(rawName, known)}`);
  }
  const isFlag = optionType(definition, name) === 'boolean';
  if (isFlag && value !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `${rawName} takes no value; leave out =${value}.`);
  const isMissing = value === undefined || value === '' || (inlineValue === false && /^-./.test(value));
  if (!isFlag && isMissing)
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      `${rawName} needs a value: ${rawName} ${valueHint(definition, name)}.`,
    );
}

function valueHint(definition: ArgsDef, name: string): string {
  return definition[name]?.valueHint ?? name.toUpperCase();
}

function checkRepeats(given: readonly OptionToken[], repeatable: readonly string[]): void {
  const seen = new Set<string>();
  for (const { name, rawName } of given) {
    if (seen.has(name) && !repeatable.includes(name))
      throw new ShootdownError('INVALID_ARGUMENT', `${rawName} is given twice; give it once.`);
    seen.add(name);
  }
}

function readPositionals(given: readonly string[], definition: ArgsDef): ReadonlyMap<string, string> {
  const wanted = Object.keys(definition).filter((name) => definition[name]?.type === 'positional');
  const surplus = given[wanted.length];
  if (surplus !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `Unexpected argument ${surplus}; leave it out.`);
  const missing = wanted[given.length];
  if (missing !== undefined) {
    const description = definition[missing]?.description ?? '';
    throw new ShootdownError('INVALID_ARGUMENT', `The argument ${missing.toUpperCase()} is missing: ${description}.`);
  }
  return new Map(wanted.map((name, i) => [name, given[i] ?? '']));
}
