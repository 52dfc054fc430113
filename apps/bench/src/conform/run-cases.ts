import { ShootdownError } from '@shootdown/core';
import { conformanceCases, type ExplorationSigns, runCase } from '@shootdown/testkit';
import type { ConformObserver, ConformRequest } from './conform-request.js';

const REFUSING: readonly string[] = ['manifest', 'options.defaults'];

/**
 * Holds a value that ought to be a strategy against the cases asked for, one after the other. `signs` are for who watches its thread.
 *
 * @throws ShootdownError INVALID_ARGUMENT for a case that does not exist, or why the strategy is refused
 */
export async function runCases(
  value: unknown,
  request: ConformRequest,
  observer: ConformObserver,
  signs?: ExplorationSigns,
): Promise<void> {
  const { options, specifier, maxStates, tier, ids } = request;
  const given = { options, specifier, maxStates, ...(signs === undefined ? {} : { signs }) };
  const all = conformanceCases(value, { ...given, tier: ids === undefined ? tier : 'full' });
  const unknown = ids?.find((id) => all.every((each) => each.id !== id));
  if (unknown !== undefined) {
    // Of a strategy that is refused, also for its options, only the cases that say why are there.
    for (const each of all) if (REFUSING.includes(each.id)) await each.run();
    throw new ShootdownError('INVALID_ARGUMENT', `--case: there is no case "${unknown}"; --tier full lists all.`);
  }
  for (const each of all) {
    if (ids?.includes(each.id) === false) continue;
    const { id, name, anchor, tier: own } = each;
    observer.begins({ id, name, anchor, tier: own });
    observer.ended(await runCase(each));
  }
}
