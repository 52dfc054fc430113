import { ShootdownError } from '@shootdown/core';
import { idle, lazy } from './builtin/idle.js';
import { kswapd } from './builtin/kswapd.js';
import { madvise } from './builtin/madvise.js';
import { mprotect } from './builtin/mprotect.js';
import { munmap } from './builtin/munmap.js';
import type { Scenario } from './scenario.js';

/** The scenarios that come with the laboratory, the one of the headline table first. */
export const scenarios: readonly Scenario[] = [madvise, munmap, mprotect, kswapd, lazy, idle];

/**
 * A built-in scenario by name.
 * @throws ShootdownError UNKNOWN_SCENARIO, naming the scenarios there are.
 */
export function findScenario(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const known = scenarios.map((scenario) => scenario.name);
  throw new ShootdownError(
    'UNKNOWN_SCENARIO',
    `No scenario is called "${name}"; choose ${known.join(', ')} or give a scenario file.`,
    { details: { name, known } },
  );
}
