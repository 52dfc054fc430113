import { checkCellWhole } from '@shootdown/checker';
import { expect, it } from 'vitest';
import { VARIANTS } from '../kit/variants.js';

const { strategy, options } = VARIANTS.sync;

/** Two munmaps of one range at the same time free its table page once. */
it.each(['free-table', 'protect', 'clean-dirty'])('two initiators, sync, %s: clean', (scenario) => {
  const place = { targets: 'user', initiators: 2, cpus: 2, nmis: 0, walker: 'demand' } as const;
  const { verdict, exploration } = checkCellWhole({ ...place, scenario, strategy, options }, 'sc', { maxStates: 1e6 });
  expect([verdict, exploration.isComplete]).toEqual(['clean', true]);
});
