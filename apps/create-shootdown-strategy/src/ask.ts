import { basename, resolve } from 'node:path';
import { cancel, isCancel, select, text } from '@clack/prompts';
import type { Given } from './command.js';
import type { NewPackage } from './create-package.js';
import { nameProblem } from './names.js';
import { STARTING_POINTS, type StartingPoint } from './starting-points.js';

/** Asks for what the command line leaves open; undefined when the person gives up. */
export async function ask(given: Given): Promise<NewPackage | undefined> {
  const folder =
    given.folder ??
    (await answer(text({ message: 'Folder of the package', defaultValue: 'my-idea', placeholder: 'my-idea' })));
  if (folder === undefined) return undefined;
  const name = given.name ?? (await askName(basename(resolve(folder))));
  if (name === undefined) return undefined;
  const template = given.template ?? (await answer(select({ message: 'Starting point', options: POINTS })));
  return template === undefined ? undefined : { folder, name, template, packages: given.packages };
}

const POINTS = (Object.keys(STARTING_POINTS) as StartingPoint[]).map((value) => ({
  value,
  label: value,
  hint: STARTING_POINTS[value],
}));

/** The name of the folder is taken where it may be one. */
async function askName(name: string): Promise<string | undefined> {
  if (nameProblem(name) === undefined) return name;
  return answer(text({ message: 'Name of the strategy', validate: (value) => nameProblem(value ?? '') }));
}

async function answer<T>(asked: Promise<T>): Promise<Exclude<T, symbol> | undefined> {
  const value = await asked;
  if (!isCancel(value)) return value as Exclude<T, symbol>;
  cancel('Nothing was written.');
  return undefined;
}
