import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { ShootdownError } from '@shootdown/core';
import type { Strategy } from '@shootdown/plugin';
import { importModule } from '../loader/import-module.js';
import { type DataProblem, dataProblem } from '../schema/data-problem.js';
import { documentValidator } from '../schema/document-validator.js';
import { type CommandOptions, configSchema } from './config-schema.js';

/** The default of an option: a list stands for a comma list, or for an option that is repeated. */
export type OptionValue = string | number | boolean | readonly (string | number)[];

/** What an author writes into `shootdown.config.ts`. */
export interface ShootdownConfig {
  /** Strategies as imported objects, packages, or paths from the configuration's folder. */
  readonly strategies?: readonly (Strategy | string)[];
  /** Machine profiles as objects, or paths of JSON files. */
  readonly machines?: readonly (object | string)[];
  /** Scenarios as objects, or paths of JSON files. */
  readonly scenarios?: readonly (object | string)[];
  /** Defaults of command-line options, by command: `{ compare: { machine: 'skylake-2s', threads: [1, 2] } }`. */
  readonly defaults?: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;
}

/** A configuration with nothing left out. What it holds is not checked yet, beyond its shape. */
export type LoadedConfig = Required<ShootdownConfig>;

/**
 * Loads a configuration and holds it against its schema. `file` is how the user named it in `directory`. Its module is executed in this thread.
 *
 * @throws ShootdownError INVALID_CONFIG with every problem, an unknown key with the nearest known one
 */
export async function loadConfig(file: string, directory: string, commands: CommandOptions): Promise<LoadedConfig> {
  const { default: content } = await exportsOf(file, directory);
  const data = withoutCode(content);
  const problem = dataProblem(data);
  if (problem !== undefined) throw noData(file, problem);
  const validate = documentValidator<LoadedConfig>({
    noun: 'configuration',
    whole: 'the configuration',
    code: 'INVALID_CONFIG',
    schema: configSchema(commands),
    problems: () => [],
  });
  const config = validate(data, file);
  const strategies = isRecord(content) ? membersOf(content)['strategies']?.value : undefined;
  return strategies === undefined ? config : { ...config, strategies: strategies as LoadedConfig['strategies'] };
}

/** Strategies hold functions, which are no data: in their place stands an empty object. */
function withoutCode(content: unknown): unknown {
  if (!isRecord(content)) return content;
  const members = membersOf(content);
  const strategies: unknown = members['strategies']?.value;
  if (!Array.isArray(strategies)) return content;
  const value = strategies.map((each: unknown) => (isRecord(each) ? {} : each));
  return Object.defineProperties({}, { ...members, strategies: { value, enumerable: true } });
}

function membersOf(content: object): PropertyDescriptorMap {
  return Object.getOwnPropertyDescriptors(content);
}

function noData(file: string, { path, what }: DataProblem): ShootdownError {
  const place = path.length === 0 ? 'the configuration' : path.join('.');
  const text = `${file} is no configuration; correct this place:\n  ${place} ${what}; beside its strategies a configuration is JSON data.`;
  return new ShootdownError('INVALID_CONFIG', text, { details: { place: file } });
}

/** Folder of a configuration: its paths and packages are resolved from there. */
export function configDirectory(file: string, directory: string): string {
  return dirname(resolve(directory, file));
}

/** The content as a member, because a promise cannot hold what only looks like one. */
async function exportsOf(file: string, directory: string): Promise<{ readonly default?: unknown }> {
  const path = resolve(directory, file);
  if (!existsSync(path))
    throw new ShootdownError('INVALID_CONFIG', `${file}: there is no such file; correct --config.`);
  try {
    if (path.endsWith('.json')) return { default: JSON.parse(readFileSync(path, 'utf8')) };
    return await importModule(pathToFileURL(path).href, file, directory);
  } catch (error) {
    const reason = error instanceof ShootdownError ? error.message : `${file}: ${reasonOf(error)}.`;
    throw new ShootdownError('INVALID_CONFIG', reason, { details: { place: file } });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return 'it cannot be read; name a readable file';
  return error instanceof Error ? error.message : String(error);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !types.isProxy(value);
}
