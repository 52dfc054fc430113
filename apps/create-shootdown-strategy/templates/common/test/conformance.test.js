import { test } from 'node:test';
import { conformanceCases } from '@shootdown/testkit';
import strategy from '../dist/strategy.js';

for (const { name, skip, run } of conformanceCases(strategy, { tier: 'quick', specifier: '.' }))
  test(name, { skip }, run);
