import { cellScenarios, MEMORIES, TARGET_STATES } from '@shootdown/checker';
import { describe, it } from 'vitest';
import { expectSameStates } from './remembered-moves.js';

const VARIANT_NAMES = ['sync', 'concurrent', 'early', 'none', 'freedEarly', 'unguarded'] as const;

describe.each(VARIANT_NAMES)('remembered moves of %s', { timeout: 600_000 }, (variant) => {
  it('lead to the states that making them leads to, in every small cell', () => {
    for (const { name: scenario, secondOperation } of cellScenarios)
      for (const targets of TARGET_STATES)
        for (const nmis of [0, 1])
          for (const memory of MEMORIES)
            expectSameStates(
              variant,
              {
                scenario,
                targets,
                initiators: secondOperation === undefined ? 1 : 2,
                cpus: 2,
                nmis,
                walker: 'saturated',
              },
              memory,
              20_000,
            );
  });
});
