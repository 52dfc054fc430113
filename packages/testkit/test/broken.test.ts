import { conformanceCases } from '@shootdown/testkit';
import { describe, expect, it } from 'vitest';
import { brokenStrategies } from './broken/broken-strategies.js';
import { reference } from './broken/reference.js';

/** Loops without become are found sooner. */
const SMALL = { maxNodes: 80 };

describe('a strategy that is wrong in one way is rejected by a named case', { timeout: 60_000 }, () => {
  it.each(brokenStrategies)('$rejectedBy, $code: $what', async ({ value, rejectedBy, code, tells }) => {
    const found = conformanceCases(value, code === 'UNBOUNDED_PROGRAM' ? SMALL : {}).find(
      ({ id }) => id === rejectedBy,
    );
    expect(found?.skip).toBeUndefined();
    const run = async (): Promise<void> => found?.run();
    await expect(run()).rejects.toMatchObject({ code, message: expect.stringContaining(tells) });
  });

  it.each([...new Set(brokenStrategies.map(({ rejectedBy }) => rejectedBy))])(
    '%s passes the strategy that they are made of',
    async (id) => {
      const found = conformanceCases(reference('right')).find((each) => each.id === id);
      expect(found).toBeDefined();
      await found?.run();
    },
  );
});
