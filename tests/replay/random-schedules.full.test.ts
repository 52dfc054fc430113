import { describe, it } from 'vitest';
import { compareTimes } from './random-schedules.js';

describe('the schedules of many random programs, timed again', { timeout: 1_200_000 }, () => {
  it.each(['haswell', 'milan'])('%s: every move comes at the same picosecond', (name) => {
    compareTimes(name, { seed: 77, numRuns: 100_000 });
  });
});
