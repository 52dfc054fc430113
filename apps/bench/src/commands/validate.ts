import { terminalText } from '@shootdown/reporter';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { readJsonFile } from '../arguments/json-file.js';
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
