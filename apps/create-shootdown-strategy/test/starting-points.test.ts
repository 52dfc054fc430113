import { conformanceCases } from '@shootdown/testkit';
import { expect, test } from 'vitest';
import { STARTING_POINTS, type StartingPoint } from '../src/starting-points.js';
import { namedTemplate } from './named-template.js';

/** One of each sort; the others are in the long run. */
const SOME = ['manifest', 'determinism.twice', 'accounting.ipis', 'machine.pti', 'cpus.17'];
const POINTS = Object.keys(STARTING_POINTS) as StartingPoint[];

test.each(POINTS)('%s conforms', async (point) => {
  const cases = conformanceCases(namedTemplate(point), { tier: 'quick' }).filter(({ id }) => SOME.includes(id));
  expect(cases).toHaveLength(SOME.length);
  for (const { run } of cases) await run();
});
