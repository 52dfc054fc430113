import { readFileSync } from 'node:fs';
import { ShootdownError } from '@shootdown/core';
import { type JsonValue, terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readJsonText } from '../arguments/json-text.js';
import { readArguments } from '../arguments/read-arguments.js';
import type { Context } from '../context.js';

const VALIDATE_ARGUMENTS = {
  file: { type: 'positional', required: false, description: 'a JSON file: a machine profile or a scenario' },
} as const satisfies ArgsDef;

/** `validate`: hold a file against the schema and the rules of its kind. */
export function validateCommand(context: Context): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name: 'validate', description: 'Check a machine profile or a scenario of your own' },
    args: VALIDATE_ARGUMENTS,
    run: ({ rawArgs }) => validate(readArguments(rawArgs, VALIDATE_ARGUMENTS).positional('file'), context),
  });
}

function validate(path: string, { laboratory, stdout }: Context): void {
  const { kind, name } = laboratory.validate(readJsonFile(path), path);
  stdout.write(`${terminalText(`${path}: valid ${kind} ${name}`)}\n`);
}

function readJsonFile(path: string): JsonValue {
  const text = readJsonText(readText(path));
  if (!('problem' in text)) return text.value;
  throw new ShootdownError('INVALID_FILE', `${path}:${text.line}:${text.column}: not valid JSON: ${text.problem}.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ShootdownError('INVALID_FILE', `${path} cannot be read; name a readable JSON file.`, { cause: error });
  }
}
