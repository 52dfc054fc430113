import { type Machine, randomStream } from '@shootdown/core';
import { EnabledMoves } from '../search/enabled-moves.js';
import { applyMove, cpuOf } from '../search/move.js';
import type { ActionPolicy } from '../search/action-policy.js';
import { notePending } from './note-pending.js';
import { noteMove } from './note-move.js';
import type { Sharing } from './sharing.js';

/** Moves of all walks from the initial state together, and of one. Enough to meet nearly every access of a small kernel; the rest is met by the search. */
const ALL_MOVES = 6_000;
const MOVES_PER_WALK = 600;
/** Of a walk that begins in the midst of a search. */
const MOVES_PER_LATER_WALK = 100;

/** States at which walks may begin. */
export interface Starts {
  /** How many there are, in the order in which a search came to them. */
  readonly count: number;
  /** Brings the machine to one of them. */
  readonly restore: (state: number) => void;
}

/**
 * Lets the machine walk at random to learn who touches what before anything is relied upon: from its initial state, which it is left in,
 * and from the states of a search that goes on for long or was broken off because walks had missed an access. What is missed again costs a
 * restart of the search, never a verdict.
 */
export class SharingWalks {
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #enabled: EnabledMoves;
  readonly #random = randomStream(1, 'sharing-walks');
  readonly #apply = (move: number): number => applyMove(this.#machine, move);

  constructor(machine: Machine, sharing: Sharing, policy: ActionPolicy) {
    this.#machine = machine;
    this.#sharing = sharing;
    this.#enabled = new EnabledMoves(machine, policy);
  }

  fromInitial(): void {
    const machine = this.#machine;
    const initial = Int32Array.from(machine.state);
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) notePending(machine, this.#sharing, cpu);
    for (let left = ALL_MOVES; left > 0; left -= MOVES_PER_WALK) {
      this.#walk(MOVES_PER_WALK);
      machine.state.set(initial);
    }
  }

  /** So many moves, from the later half of these states, which lies nearest to what has not been met. */
  from({ count, restore }: Starts, moves: number): void {
    for (let left = moves; left > 0; left -= MOVES_PER_LATER_WALK) {
      restore(count - 1 - Math.floor((this.#random.next() * count) / 2));
      this.#walk(MOVES_PER_LATER_WALK);
    }
  }

  #walk(moves: number): void {
    const machine = this.#machine;
    for (let left = moves; left > 0 && machine.violations.length === 0; left--) {
      this.#collect();
      if (this.#enabled.count === 0) break;
      const move = this.#enabled.moves[Math.floor(this.#random.next() * this.#enabled.count)] as number;
      noteMove(machine, this.#sharing, move, this.#apply);
      notePending(machine, this.#sharing, cpuOf(move));
    }
    if (machine.violations.length > 0) this.#sharing.noteViolation();
    machine.violations.length = 0;
  }

  /** The moves of some CPU that has any. */
  #collect(): void {
    const { cpuCount } = this.#machine.layout;
    const first = Math.floor(this.#random.next() * cpuCount);
    for (let turn = 0; turn < cpuCount; turn++) {
      this.#enabled.collectCpu((first + turn) % cpuCount);
      if (this.#enabled.count > 0) return;
    }
  }
}
