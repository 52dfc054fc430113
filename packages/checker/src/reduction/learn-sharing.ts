import { type Machine, randomStream } from '@shootdown/core';
import { EnabledMoves } from '../search/enabled-moves.js';
import { applyMove, cpuOf } from '../search/move.js';
import type { ActionPolicy } from '../search/action-policy.js';
import { noteTouches } from './note-touches.js';
import { noteTaking } from './note-taking.js';
import type { Sharing } from './sharing.js';

/** Moves of all walks together, and of one. Enough to meet nearly every access of a small kernel; the rest is met by the search. */
const ALL_MOVES = 6_000;
const MOVES_PER_WALK = 600;

/**
 * Lets the machine walk at random from its initial state, which it is left in, to learn who touches what before anything is relied
 * upon. What these walks miss costs a restart of the search, never a verdict.
 */
export function learnSharing(machine: Machine, sharing: Sharing, policy: ActionPolicy): void {
  const initial = Int32Array.from(machine.state);
  const enabled = new EnabledMoves(machine, policy);
  const random = randomStream(1, 'learn-sharing');
  for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) noteTouches(machine, sharing, cpu);
  for (let left = ALL_MOVES; left > 0; left -= MOVES_PER_WALK) {
    walk(machine, sharing, enabled, () => random.next());
    machine.state.set(initial);
    machine.violations.length = 0;
  }
}

function walk(machine: Machine, sharing: Sharing, enabled: EnabledMoves, random: () => number): void {
  const apply = (move: number): number => applyMove(machine, move);
  for (let left = MOVES_PER_WALK; left > 0 && machine.violations.length === 0; left--) {
    enabled.collect();
    if (enabled.count === 0) return;
    const move = enabled.moves[Math.floor(random() * enabled.count)] as number;
    noteTaking(machine, sharing, move, apply);
    noteTouches(machine, sharing, cpuOf(move));
  }
}
