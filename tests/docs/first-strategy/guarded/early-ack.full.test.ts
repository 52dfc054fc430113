import { conformanceCases } from '@shootdown/testkit';
import { test } from 'vitest';
import strategy from './early-ack.js';

for (const { name, skip, run } of conformanceCases(strategy, { tier: 'quick' })) {
  (skip === undefined ? test : test.skip)(name, run, 60_000);
}
