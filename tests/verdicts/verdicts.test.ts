import { scenarios } from '@shootdown/scenarios';
import { describe, expect, it } from 'vitest';
import { expected, SCENARIO_ROWS, verdicts } from './rows.js';

describe('what a comparison on haswell sees', { timeout: 60_000 }, () => {
  it('is stated for every built-in scenario', () => {
    expect(SCENARIO_ROWS.map(([name]) => name)).toEqual(scenarios.map(({ name }) => name));
  });

  it.each(SCENARIO_ROWS)('of %s: ack none is %s, all others clean', async (scenario, none) => {
    expect(await verdicts('haswell', scenario)).toEqual(expected(none));
  });
});
