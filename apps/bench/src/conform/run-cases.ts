import { ShootdownError } from '@shootdown/core';
import { conformanceCases, runCase } from '@shootdown/testkit';
import type { ConformObserver, ConformRequest } from './conform-request.js';

/**
 * Holds a value that ought to be a strategy against the cases asked for, one after the other.
 *
 * @throws ShootdownError INVALID_ARGUMENT for a case that does not exist
 */
export async function runCases(value: unknown, request: ConformRequest, observer: ConformObserver): Promise<void> {
  const { options, specifier, maxStates, tier, ids } = request;
  const all = conformanceCases(value, { options, specifier, maxStates, tier: ids === undefined ? tier : 'full' });
  const unknown = ids?.find((id) => all.every((each) => each.id !== id));
  if (unknown !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `--case: there is no case "${unknown}"; --tier full lists all.`);
  for (const each of all) {
    if (ids?.includes(each.id) === false) continue;
    const { id, name, anchor, tier: own } = each;
    observer.begins({ id, name, anchor, tier: own });
    observer.ended(await runCase(each));
  }
}
