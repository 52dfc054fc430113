import { describe, expect, it } from 'vitest';
import { expected, SCENARIO_ROWS, verdicts } from './rows.js';

describe.each(['skylake-2s', 'server'])('what a comparison on %s sees', { timeout: 120_000 }, (machine) => {
  it.each(SCENARIO_ROWS)('of %s: ack none is %s, all others clean', async (scenario, none) => {
    expect(await verdicts(machine, scenario)).toEqual(expected(none));
  });
});
