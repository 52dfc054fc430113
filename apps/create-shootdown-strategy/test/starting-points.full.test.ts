import { conformanceCases } from '@shootdown/testkit';
import { describe, test } from 'vitest';
import { STARTING_POINTS, type StartingPoint } from '../src/starting-points.js';
import { namedTemplate } from './named-template.js';

describe.each(Object.keys(STARTING_POINTS) as StartingPoint[])('%s', (point) => {
  for (const each of conformanceCases(namedTemplate(point)))
    (each.skip === undefined ? test : test.skip)(each.name, { timeout: 600_000 }, each.run);
});
