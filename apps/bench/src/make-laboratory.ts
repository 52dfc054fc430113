import { machineProfiles } from '@shootdown/core';
import { validateProfile } from '@shootdown/host';
import type { Manifest } from '@shootdown/plugin';
import { scenarios } from '@shootdown/scenarios';
import { builtInStrategies } from './built-in-strategies.js';
import { makeCatalogue } from './catalogue/catalogue.js';
import { type Checks, makeChecks } from './check/checks.js';
import type { RunComparison } from './comparison-request.js';
import type { Laboratory } from './laboratory.js';
import { validateScenario } from './validate-scenario.js';
import { packageVersion } from './version.js';

/** The laboratory with its built-in machines and scenarios, and with these strategies. */
export function makeLaboratory(
  strategies: readonly Manifest<object>[],
  runComparison: RunComparison,
  checks: Checks = makeChecks(builtInStrategies),
): Laboratory {
  const parts = {
    strategies,
    scenarios,
    machines: machineProfiles,
    validateMachine: validateProfile,
    validateScenario,
  };
  return { version: packageVersion(), ...makeCatalogue(parts), runComparison, checks };
}
