import { stripVTControlCharacters } from 'node:util';
import { ShootdownError } from '@shootdown/core';
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { checkCommand } from './commands/check.js';
import { compareCommand } from './commands/compare.js';
import { conformCommand } from './commands/conform.js';
import { explainCommand } from './commands/explain.js';
import { fitCommand } from './commands/fit.js';
import { listCommand } from './commands/list.js';
import { litmusCommand } from './commands/litmus.js';
import { replayCommand } from './commands/replay.js';
import { showCommand } from './commands/show.js';
import { validateCommand } from './commands/validate.js';
import { zooCommand } from './commands/zoo.js';
import { allowsColor, type Context, type Surroundings } from './context.js';
import { exitCodeOfError } from './exit-code.js';
import type { Laboratory } from './laboratory.js';
import { errorText } from './output/error-text.js';
import { suggestion } from '@shootdown/host';

/**
 * Runs one command line and returns the exit code. Results go to stdout, everything else to stderr. Never throws for what a
 * command met: an error is written to stderr with its code.
 */
export async function runCli(
  rawArguments: readonly string[],
  surroundings: Surroundings,
  laboratory: Laboratory,
): Promise<number> {
  let exitCode = 0;
  const finish = (code: number): void => {
    exitCode = code;
  };
  try {
    await dispatch(rawArguments, { ...surroundings, laboratory, finish });
    return exitCode;
  } catch (error) {
    surroundings.stderr.write(errorText(error));
    return exitCodeOfError(error);
  }
}

type Commands = Readonly<Record<string, CommandDef>>;

async function dispatch([name, ...rest]: readonly string[], context: Context): Promise<void> {
  const commands: Commands = {
    check: checkCommand(context),
    compare: compareCommand(context),
    conform: conformCommand(context),
    explain: explainCommand(context),
    fit: fitCommand(context),
    list: listCommand(context),
    litmus: litmusCommand(context),
    replay: replayCommand(context),
    show: showCommand(context),
    validate: validateCommand(context),
    zoo: zooCommand(context),
  };
  const main = mainCommand(commands, context);
  if (name === '--version' || name === '-v') {
    context.stdout.write(`${context.laboratory.version}\n`);
  } else if (isHelp(name)) {
    await writeUsage(main, undefined, context);
  } else {
    const command = commandOf(name, commands);
    if (rest.some(isHelp)) await writeUsage(command, main, context);
    else await runCommand(command, { rawArgs: [...rest] });
  }
}

function mainCommand(commands: Commands, { laboratory }: Context): CommandDef {
  const description = 'A laboratory for TLB shootdown protocols';
  return defineCommand({
    meta: { name: 'shootdown', version: laboratory.version, description },
    subCommands: commands,
  });
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

function commandOf(name: string | undefined, commands: Commands): CommandDef {
  const known = Object.keys(commands);
  if (name === undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `No command is given. Known: ${known.join(', ')}.`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command;
  if (name.startsWith('-'))
    throw new ShootdownError('INVALID_ARGUMENT', `Unknown option ${name}; options follow the command.`);
  throw new ShootdownError('INVALID_ARGUMENT', `Unknown command ${name}.${suggestion(name, known)}`);
}

async function writeUsage(
  command: CommandDef,
  parent: CommandDef | undefined,
  { stdout, environment }: Context,
): Promise<void> {
  const usage = await renderUsage(command, parent);
  stdout.write(`${allowsColor(stdout, environment) ? usage : stripVTControlCharacters(usage)}\n`);
}
