import type { FoundViolation, Memory, TraceStep } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import { type Entry, runVariant } from '@shootdown/zoo';

/** A bug of the zoo as it was found just now. */
export interface ReplayedEntry {
  readonly id: string;
  readonly title: string;
  readonly cpus: number;
  readonly memory: Memory;
  readonly violation: Pick<FoundViolation, 'contract' | 'form' | 'cpu' | 'text'>;
  readonly trace: readonly TraceStep[];
}

/**
 * Explores the buggy variant of an entry up to its first violation, which is a shortest one.
 *
 * @throws ShootdownError INVALID_ARGUMENT when nothing is found within the states given
 */
export function replayEntry(entry: Entry, maxStates: number): ReplayedEntry {
  const { violations, memory } = runVariant(entry, 'buggy', { maxStates });
  const [found] = violations;
  if (found === undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `Nothing was found of ${entry.id} within ${maxStates} states.`);
  const { contract, form, cpu, text, trace } = found;
  const cpus = entry.kind === 'seam' ? entry.cell.cpus : entry.cpus;
  return { id: entry.id, title: entry.title, cpus, memory, violation: { contract, form, cpu, text }, trace };
}
