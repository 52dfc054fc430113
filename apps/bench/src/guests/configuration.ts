import { resolve } from 'node:path';
import { type MachineProfile, ShootdownError } from '@shootdown/core';
import { configDirectory, validateProfile } from '@shootdown/host';
import type { Scenario } from '@shootdown/scenarios';
import { readJsonFile } from '../arguments/json-file.js';
import type { Laboratory } from '../laboratory.js';
import { validateScenario } from '../validate-scenario.js';
import type { ConfigData } from './guest-jobs.js';
import { ThreadRunner, type ThreadTerms } from './thread-runner.js';

/** A configuration whose machines and scenarios have been checked. Its strategies are met when somebody asks for them. */
export interface Configuration extends Pick<ConfigData, 'strategies' | 'defaults'> {
  /** As the user named it. */
  readonly file: string;
  readonly machines: readonly MachineProfile[];
  readonly scenarios: readonly Scenario[];
}

/**
 * Loads a configuration in a thread, for it may hold code. `file` is how the user named it in `directory`.
 *
 * @throws ShootdownError INVALID_CONFIG, INVALID_PROFILE, INVALID_SCENARIO or INVALID_FILE; PLUGIN_HANGS, PLUGIN_PRINTED or PLUGIN_STOPPED for what its
 * module does
 */
export async function loadConfiguration(
  file: string,
  directory: string,
  laboratory: Laboratory,
  terms: ThreadTerms,
): Promise<Configuration> {
  const thread = new ThreadRunner({ kind: 'config', file, directory }, file, terms);
  try {
    const { machines, scenarios, ...rest } = await thread.config();
    const folder = configDirectory(file, directory);
    const profiles = machines.map((each, index) =>
      validateProfile(...document(each, folder, `machines[${index}] of ${file}`)),
    );
    const workloads = scenarios.map((each, index) =>
      validateScenario(...document(each, folder, `scenarios[${index}] of ${file}`)),
    );
    refuseTaken('machine', profiles, laboratory, file);
    refuseTaken('scenario', workloads, laboratory, file);
    return { ...rest, file, machines: profiles, scenarios: workloads };
  } finally {
    await thread.close();
  }
}

/** A document that stands in the configuration, or in a JSON file that it names. */
function document(value: unknown, folder: string, place: string): [content: unknown, place: string] {
  return typeof value === 'string' ? [readJsonFile(resolve(folder, value)), value] : [value, place];
}

/** The names of the laboratory mean the same everywhere. */
function refuseTaken(
  kind: 'machine' | 'scenario',
  documents: readonly { readonly name: string }[],
  laboratory: Laboratory,
  file: string,
): void {
  const taken = new Set(laboratory.list(kind).map(({ name }) => name));
  for (const { name } of documents) {
    if (taken.has(name))
      throw new ShootdownError(
        'INVALID_CONFIG',
        `${file}: there is a ${kind} named '${name}' already; give this one a name of its own.`,
        {
          details: { place: file, name },
        },
      );
    taken.add(name);
  }
}
