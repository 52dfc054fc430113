import type { Memory, Verdict } from '@shootdown/checker';

/**
 * What a flip shows, within the bounds of the cells that it was tried on.
 *
 * - `loadBearing`: some cell that is clean with the assumption is violated without it.
 * - `notLoadBearing`: every cell stays clean, and some cell reaches other states.
 * - `notExercised`: every cell stays clean with the same numbers of states and transitions: the switch did nothing, and the
 *   run says nothing about it. A reduction may hide a difference and so lead here, but never to a finding that claims more.
 * - `violatedAnyway`: no cell is clean with the assumption.
 * - `repairs`, `doesNotRepair`: of the cells that are violated as they are, some (none) is clean when more is assumed.
 * - `inconclusive`: a limit cut a cell that would have decided.
 */
export const FINDINGS = [
  'loadBearing',
  'repairs',
  'violatedAnyway',
  'doesNotRepair',
  'notLoadBearing',
  'notExercised',
  'inconclusive',
] as const;
export type Finding = (typeof FINDINGS)[number];

/** What one exploration said, as far as a comparison needs it. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly memory: Memory;
  readonly states: number;
  readonly transitions: number;
}

/** The same cell with the assumption and without it. */
export interface Pair {
  readonly base: Outcome;
  readonly flipped: Outcome;
}

/** Judges an assumption that is given up. */
export function judgeHarsher(pairs: readonly Pair[]): Finding {
  const sound = pairs.filter(({ base }) => base.verdict === 'clean');
  if (sound.some(({ flipped }) => flipped.verdict === 'violated')) return 'loadBearing';
  if (pairs.some(({ base, flipped }) => base.verdict === 'inconclusive' || flipped.verdict === 'inconclusive'))
    return 'inconclusive';
  if (pairs.length > 0 && sound.length === 0) return 'violatedAnyway';
  return sound.some(differs) ? 'notLoadBearing' : 'notExercised';
}

/** Judges an assumption that is added, on cells that are violated without it; undefined when there is none. */
export function judgeMilder(pairs: readonly Pair[]): Finding | undefined {
  const broken = pairs.filter(({ base }) => base.verdict === 'violated');
  if (broken.length === 0) return undefined;
  if (broken.some(({ flipped }) => flipped.verdict === 'clean')) return 'repairs';
  return broken.some(({ flipped }) => flipped.verdict === 'inconclusive') ? 'inconclusive' : 'doesNotRepair';
}

function differs({ base, flipped }: Pair): boolean {
  return base.memory !== flipped.memory || base.states !== flipped.states || base.transitions !== flipped.transitions;
}
