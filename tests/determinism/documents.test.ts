import type { ResultDocument } from '@shootdown/reporter';
import { makeLaboratory } from 'shootdown';
import { describe, expect, it } from 'vitest';
import { builtInStrategies } from '../../apps/bench/src/built-in-strategies.js';
import { runComparison } from '../../apps/bench/src/run-comparison.js';
import { cli } from '../../apps/bench/test/fixtures/laboratory.js';
import { COMPARE, stdoutOf } from './command.js';

describe('the document of a comparison has the same bytes', { timeout: 60_000 }, () => {
  it('twice in one process', async () => {
    const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
    const first = await cli(COMPARE, { laboratory });
    expect(first.exitCode).toBe(0);
    expect((JSON.parse(first.stdout) as ResultDocument).rows).toHaveLength(4 * 2);
    expect((await cli(COMPARE, { laboratory })).stdout).toBe(first.stdout);
  });

  it('in two processes, of which one has other surroundings', () => {
    const elsewhere = ['env', 'TZ=Asia/Kathmandu', 'LC_ALL=tr_TR.UTF-8', 'LANG=tr_TR.UTF-8', process.execPath];
    expect(stdoutOf(elsewhere, COMPARE)).toBe(stdoutOf([process.execPath], COMPARE));
  });
});
