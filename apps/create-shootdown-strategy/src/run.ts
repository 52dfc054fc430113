import { basename, resolve } from 'node:path';
import { ShootdownError } from '@shootdown/core';
import { renderUsage } from 'citty';
import { ask, type Conversation } from './ask.js';
import { COMMAND, type Given, readCommandLine } from './command.js';
import { createPackage, type NewPackage } from './create-package.js';

/** Where a command line runs. */
export interface Surroundings extends Conversation {
  readonly stderr: { write(text: string): unknown };
  /** Somebody is there to be asked. */
  readonly isInteractive: boolean;
}

/** As every interrupted command of Shootdown. */
const INTERRUPTED = 130;

/** Runs one command line and returns its exit code: 0, 2 for bad input, 130 when the person gave up. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await create(readCommandLine(args), surroundings);
  } catch (error) {
    if (!(error instanceof ShootdownError)) throw error;
    surroundings.stderr.write(`error ${error.code} (exit ${error.exitCode}): ${error.message}\n${causeOf(error)}`);
    return error.exitCode;
  }
}

async function create(given: Given, { stdin, stdout, isInteractive }: Surroundings): Promise<number> {
  if (given.help) {
    stdout.write(`${await renderUsage(COMMAND)}\n`);
    return 0;
  }
  const wanted = isInteractive ? await ask(given, { stdin, stdout }) : defaults(given);
  if (wanted === undefined) return INTERRUPTED;
  createPackage(wanted);
  stdout.write(nextSteps(wanted));
  return 0;
}

function defaults({ folder, name, template = 'synchronous', packages }: Given): NewPackage {
  if (folder === undefined)
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      'The folder of the new package is missing: npm create shootdown-strategy my-idea.',
    );
  return { folder, name: name ?? basename(resolve(folder)), template, packages };
}

function nextSteps({ folder, name }: NewPackage): string {
  return `${name} is in ${folder}. In that folder:

  npm install        fetches the laboratory and builds the strategy
  npm run compare    times it beside sync
  npm run check      explores every interleaving of small machines
  npm test           holds it against the contract
`;
}

function causeOf({ cause }: ShootdownError): string {
  return cause instanceof Error ? `  caused by: ${cause.message}\n` : '';
}
