import { conformanceCases } from '@shootdown/testkit';
import { builtInStrategies } from 'shootdown';
import { describe, it } from 'vitest';

describe.each(builtInStrategies.strategies)('$name conforms', { timeout: 600_000 }, (strategy) => {
  it.each(conformanceCases(strategy))('$name', async ({ run }) => {
    await run();
  });
});
