import { scheduleOf } from '@shootdown/checker';
import { type MachineProfile, ShootdownError } from '@shootdown/core';
import { type Entry, runVariant } from '@shootdown/zoo';
import { packageVersion } from '../version.js';
import type { ReplayDocument } from './replay-document.js';
import { timedReplay } from './timed-replay.js';

/**
 * Explores the buggy variant of an entry up to its first violation, which is a shortest one.
 *
 * @throws ShootdownError INVALID_ARGUMENT when nothing is found within the states given
 */
export function replayEntry(entry: Entry, maxStates: number, profile: MachineProfile): ReplayDocument {
  const { violations, memory, makeMachine } = runVariant(entry, 'buggy', { maxStates });
  const [found] = violations;
  if (found === undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `Nothing was found of ${entry.id} within ${maxStates} states.`);
  const { contract, form, cpu, text, trace } = found;
  return {
    schemaVersion: 1,
    kind: 'replay',
    version: packageVersion(),
    id: entry.id,
    title: entry.title,
    counterexample: null,
    cpus: entry.kind === 'seam' ? entry.cell.cpus : entry.cpus,
    memory,
    violation: { contract, form, cpu, text },
    trace,
    ...timedReplay({ schedule: scheduleOf(trace), makeMachine, profile }),
  };
}
