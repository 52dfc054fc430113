import { conformanceCases } from '@shootdown/testkit';
import { builtInStrategies } from 'shootdown';
import { describe, expect, it } from 'vitest';

/** Quick cases that take little; the full set has all of them. */
const SMALL =
  /^(manifest|options|inputs|determinism|promises|generations|accounting|machine|contract\.free-table\.user)/;

describe.each(builtInStrategies.strategies)('$name conforms', { timeout: 60_000 }, (strategy) => {
  const cases = conformanceCases(strategy, { tier: 'quick' }).filter(({ id }) => SMALL.test(id));
  it.each(cases)('$name', async ({ run }) => {
    await run();
  });
});

it('what a built-in strategy leaves out is known', () => {
  const leftOut = builtInStrategies.strategies.flatMap((strategy) =>
    conformanceCases(strategy).flatMap(({ id, skip }) =>
      skip === undefined ? [] : [`${strategy.name} ${id}: ${skip}`],
    ),
  );
  const unusual = leftOut.filter((line) => !line.endsWith('defers no guarantee'));
  expect(unusual.filter((line) => !line.startsWith('scoreboard contract.free-table'))).toEqual([
    'broadcast machine.no-pcid: the manifest requires pcid',
    'broadcast machine.pti-no-pcid: the manifest requires pcid',
    'latr contract.reclaim.user.three-cpus.sc: the manifest assumes ticks, and those of three CPUs are too many',
    'latr contract.free-table.user.three-cpus.sc: the manifest assumes ticks, and those of three CPUs are too many',
  ]);
});
