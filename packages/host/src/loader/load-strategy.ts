import { fileURLToPath } from 'node:url';
import type { Strategy } from '@shootdown/plugin';
import { exportedStrategy } from './exported-strategy.js';
import { importModule } from './import-module.js';
import { owningPackage } from './package-file.js';
import { resolveModule } from './resolve-module.js';
import { isPath } from './specifier.js';

/** A strategy and where it came from. */
export interface LoadedStrategy {
  /** Checked, but unguarded: `createRegistry` takes it. */
  readonly strategy: Strategy;
  /** As the user named it: a package or a path. */
  readonly specifier: string;
  /** URL of the module file. */
  readonly url: string;
  /** Of a strategy that was named as a package: which one was found. */
  readonly package?: { readonly name: string; readonly version: string };
}

/**
 * Loads the strategy that a specifier names for somebody in `directory`: a package (`shootdown-idea`, `@me/idea`) or a path (`./idea.js`, `./idea.ts`,
 * a package folder `./idea`). The module is executed in this thread; a stranger's belongs into a worker.
 *
 * @throws ShootdownError MODULE_NOT_FOUND, IMPORT_FAILED, NOT_A_STRATEGY, SEVERAL_STRATEGIES, PLUGIN_COPY, API_VERSION, INVALID_MANIFEST, OPTIONS_SCHEMA or
 * OPTIONS_DEFAULTS; each names the specifier or the strategy, and the cure
 */
export async function loadStrategy(specifier: string, directory: string): Promise<LoadedStrategy> {
  const url = resolveModule(specifier, directory);
  const strategy = exportedStrategy(await importModule(url, specifier, directory), specifier);
  const owner = isPath(specifier) ? undefined : owningPackage(fileURLToPath(url));
  return { strategy, specifier, url, ...(owner === undefined ? {} : { package: owner }) };
}
