import { type Machine, randomStream } from '@shootdown/core';
import { EnabledMoves } from '../search/enabled-moves.js';
import { applyMove, cpuOf, opMove } from '../search/move.js';
import { waysOf } from '../search/ways.js';
import type { ActionPolicy } from '../search/action-policy.js';
import { notePending } from './note-pending.js';
import { noteMove } from './note-move.js';
import type { ProgramAutomaton } from '../automaton/program-automaton.js';
import type { Sharing } from './sharing.js';

/** Walks from the initial state between two looks at what has been met, and moves of one. */
const WALKS_PER_ROUND = 6;
const MOVES_PER_WALK = 200;
/** Rounds in a row that have met nothing new, after which what is left is left to the search; and rounds at most. */
const QUIET_ROUNDS = 2;
const MOST_ROUNDS = 25;
/** Of a walk that begins in the midst of a search. */
const MOVES_PER_LATER_WALK = 100;

/**
 * Chances that the CPU that has moved goes on, one for each walk in turn: where one CPU stands still while another comes to the same place they meet branches that two in step
 * seldom do.
 */
const GOES_ON = [0.8, 0.9] as const;
/** The chance that a CPU makes its pending op where it can, which is what programs are met by; else it is any of its moves. */
const OPS = 0.5;
const NONE = -1;

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
 * restart of the search, never a verdict. How long it walks goes by what it meets, as coverage-guided testing does.
 */
export class SharingWalks {
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #enabled: EnabledMoves;
  readonly #random = randomStream(1, 'sharing-walks');
  readonly #automaton: ProgramAutomaton;
  /** The CPU that has moved last, and the chance that it goes on. */
  #cpu = 0;
  #goesOn = 0;
  #walks = 0;
  readonly #apply = (move: number): number => applyMove(this.#machine, move);

  constructor(machine: Machine, automaton: ProgramAutomaton, sharing: Sharing, policy: ActionPolicy) {
    this.#machine = machine;
    this.#automaton = automaton;
    this.#sharing = sharing;
    this.#enabled = new EnabledMoves(machine, policy);
  }

  fromInitial(): void {
    const machine = this.#machine;
    const initial = Int32Array.from(machine.state);
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) notePending(machine, this.#sharing, cpu);
    let quiet = 0;
    for (let round = 0; round < MOST_ROUNDS && quiet < QUIET_ROUNDS; round++) {
      const known = this.#automaton.size;
      this.#round(initial);
      quiet = this.#automaton.size === known ? quiet + 1 : 0;
    }
  }

  #round(initial: Int32Array): void {
    for (let walk = 0; walk < WALKS_PER_ROUND; walk++) {
      this.#walk(MOVES_PER_WALK);
      this.#machine.state.set(initial);
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
    this.#goesOn = GOES_ON[this.#walks++ % GOES_ON.length] as number;
    for (let left = moves; left > 0 && machine.violations.length === 0; left--) {
      const move = this.#next();
      if (move === NONE) break;
      noteMove(machine, this.#sharing, move, this.#apply);
      notePending(machine, this.#sharing, cpuOf(move));
    }
    if (machine.violations.length > 0) this.#sharing.noteViolation();
    machine.violations.length = 0;
  }

  /** The pending op of a CPU, or any of its moves; -1: no CPU has any. */
  #next(): number {
    const machine = this.#machine;
    if (this.#random.next() >= this.#goesOn) this.#cpu = Math.floor(this.#random.next() * machine.layout.cpuCount);
    const isOp = this.#random.next() < OPS && machine.canExecute(this.#cpu);
    if (isOp && waysOf(machine, this.#cpu, machine.pending(this.#cpu)) === 1) return opMove(this.#cpu, 0);
    this.#collect();
    if (this.#enabled.count === 0) return NONE;
    return this.#enabled.moves[Math.floor(this.#random.next() * this.#enabled.count)] as number;
  }

  /** The moves of this CPU, or of the next one that has any. */
  #collect(): void {
    const { cpuCount } = this.#machine.layout;
    for (let turn = 0; turn < cpuCount; turn++) {
      this.#enabled.collectCpu(this.#cpu);
      if (this.#enabled.count > 0) return;
      this.#cpu = (this.#cpu + 1) % cpuCount;
    }
  }
}
