import { basename, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { cancel, type CommonOptions, isCancel, select, text } from '@clack/prompts';
import { ShootdownError } from '@shootdown/core';
import { checkFolder } from './check-folder.js';
import type { Given } from './command.js';
import type { NewPackage } from './create-package.js';
import { packageFiles } from './package-files.js';
import { STARTING_POINTS, type StartingPoint } from './starting-points.js';

/** Where a person is asked. */
export interface Conversation {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** What is taken when the answer is empty, and stands for what has not been answered yet. */
const BY_DEFAULT = { folder: 'my-idea', name: 'my-idea', template: 'synchronous' } as const;

/**
 * Asks for what the command line leaves open; undefined when the person gives up. An answer that cannot be used is refused where it is given, and so are
 * the words of the command line, before the first question.
 *
 * @throws ShootdownError INVALID_ARGUMENT, INVALID_FILE or INVALID_OUTPUT for what stands on the command line
 */
export async function ask(given: Given, { stdin, stdout }: Conversation): Promise<NewPackage | undefined> {
  if (given.folder !== undefined) checkFolder(given.folder);
  packageFiles(completed(given));
  const ended = new AbortController();
  // Readline closes without a word where the input ends, as at Ctrl-D: then nothing is left that could answer.
  const giveUp = (): void => ended.abort();
  process.once('beforeExit', giveUp);
  try {
    return await answers(given, { input: stdin, output: stdout, signal: ended.signal });
  } finally {
    process.off('beforeExit', giveUp);
  }
}

async function answers(given: Given, terms: CommonOptions): Promise<NewPackage | undefined> {
  const folder = given.folder ?? (await askFolder(terms));
  if (folder === undefined) return undefined;
  const name = given.name ?? (await askName({ ...given, folder }, terms));
  if (name === undefined) return undefined;
  const template = given.template ?? (await answer(select({ ...terms, ...STARTING_POINT }), terms));
  return template === undefined ? undefined : { folder, name, template, packages: given.packages };
}

const STARTING_POINT = {
  message: 'Starting point',
  options: (Object.keys(STARTING_POINTS) as StartingPoint[]).map((value) => ({
    value,
    label: value,
    hint: STARTING_POINTS[value],
  })),
};

function askFolder(terms: CommonOptions): Promise<string | undefined> {
  const { folder } = BY_DEFAULT;
  const validate = (value = ''): string | undefined => problemOf(() => checkFolder(value === '' ? folder : value));
  const question = { message: 'Folder of the package', defaultValue: folder, placeholder: folder, validate };
  return answer(text({ ...terms, ...question }), terms);
}

/** The name of the folder is taken where it may be one. */
async function askName(given: Given & { readonly folder: string }, terms: CommonOptions): Promise<string | undefined> {
  const validate = (name = ''): string | undefined => problemOf(() => packageFiles(completed({ ...given, name })));
  const name = basename(resolve(given.folder));
  return validate(name) === undefined
    ? name
    : answer(text({ ...terms, message: 'Name of the strategy', validate }), terms);
}

function completed({ folder, name, template, packages }: Given): NewPackage {
  return {
    folder: folder ?? BY_DEFAULT.folder,
    name: name ?? BY_DEFAULT.name,
    template: template ?? BY_DEFAULT.template,
    packages,
  };
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ShootdownError) return error.message;
    throw error;
  }
}

async function answer<T>(asked: Promise<T>, terms: CommonOptions): Promise<Exclude<T, symbol> | undefined> {
  const value = await asked;
  if (!isCancel(value)) return value as Exclude<T, symbol>;
  cancel('Nothing was written.', terms);
  return undefined;
}
