import { cellScenarios, MEMORIES, TARGET_STATES, vacuity } from '@shootdown/checker';
import { describe, it } from 'vitest';
import { expectSameStates, type Place } from './remembered-moves.js';

const VARIANT_NAMES = ['sync', 'concurrent', 'early', 'none', 'freedEarly', 'unguarded'] as const;

/** Every cell of two CPUs and this scenario that proves something. */
function placesOf({ name: scenario, secondOperation }: (typeof cellScenarios)[number]): readonly Place[] {
  const initiators = secondOperation === undefined ? 1 : 2;
  const rest = { scenario, initiators, cpus: 2, walker: 'saturated' } as const;
  const places = TARGET_STATES.flatMap((targets) => [0, 1].map((nmis) => ({ ...rest, targets, nmis })));
  return places.filter((place) => vacuity(place) === undefined);
}

describe.each(VARIANT_NAMES)('remembered moves of %s', { timeout: 300_000 }, (variant) => {
  it.each(cellScenarios)('lead to the states that making them leads to: $name', (scenario) => {
    for (const place of placesOf(scenario))
      for (const memory of MEMORIES) expectSameStates(variant, place, memory, 4000);
  });
});
