import { Action, type Machine, Opcode } from '@shootdown/core';
import type { Sequence } from '../reduction/late-moves.js';
import type { IdleNmis } from '../reduction/idle-nmis.js';
import { noteMove } from '../reduction/note-move.js';
import { notePending } from '../reduction/note-pending.js';
import type { Surroundings } from '../reduction/surroundings.js';
import { CompositeMoves } from './composite-moves.js';
import type { Eagerness } from './eagerness.js';
import { actionOf, applyMove, cpuOf, isComposite } from './move.js';
import { hasReachedOthers, reachOfAction, reachOfOp } from './reach.js';
import { ALL_CPUS } from './state-store.js';

const NONE = -1;

/** Makes one elementary move. */
export type Apply = (move: number) => void;

/** Makes the moves of a search on its machine: each composite one step by step, and after it the eager moves. */
export class Mover {
  /** The CPUs whose part of the state the last `make` may have changed, as a bit set. */
  reach = 0;
  /** Elementary moves made so far. */
  moves = 0;
  /** The composite moves that it can make. */
  readonly composites: CompositeMoves = new CompositeMoves();
  readonly #machine: Machine;
  readonly #surroundings: Surroundings;
  readonly #eagerness: Eagerness | undefined;
  /** NMIs from which nothing is gone on; undefined: all of them are gone on from. */
  readonly #idle: IdleNmis | undefined;
  /** The states to which looks behind moves return, outermost first, and how many of them are under way. */
  readonly #kept: Int32Array[] = [];
  #depth = 0;
  /** The moves made now do not wait for others. */
  #hurries = false;

  constructor(machine: Machine, surroundings: Surroundings, eagerness: Eagerness | undefined, idle?: IdleNmis) {
    this.#machine = machine;
    this.#surroundings = surroundings;
    this.#eagerness = eagerness;
    this.#idle = idle;
  }

  /** The last `make` has come to the end of an NMI that came to nothing, and stopped there: whoever takes it back loses nothing. */
  get hasIdled(): boolean {
    return this.#idle?.isMet === true;
  }

  /** The eager moves of the initial state. */
  begin(apply: Apply = this.#apply): void {
    this.clear();
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) this.#note(cpu);
    this.#settle(apply, ALL_CPUS);
  }

  /** Makes a move, elementary or composite, and after each of its parts the eager moves of its CPU. `hurries`: it need not wait for others, and is followed alone. */
  make(move: number, apply: Apply = this.#apply, hurries = false): void {
    this.clear();
    this.#hurries = hurries;
    if (!isComposite(move)) this.#part(move, apply);
    else this.#parts(this.composites.sequence(move), apply);
    this.#reachOthers(move);
  }

  #reachOthers(move: number): void {
    if (hasReachedOthers(this.#machine, cpuOf(move))) this.reach = ALL_CPUS;
  }

  /** What is seen behind these elementary moves, which are then taken back. Behind an NMI that came to nothing nothing is looked for. */
  readonly behind = (sequence: Sequence, look: () => void): void => {
    const { state, writes, violations } = this.#machine;
    const watched = this.#depth === 0 ? NONE : (this.#idle?.watched ?? NONE);
    this.#idle?.watch(watched);
    const kept = this.#kept[this.#depth] ?? new Int32Array(state.length);
    this.#kept[this.#depth++] = kept;
    kept.set(state);
    const [reach, written] = [this.reach, writes.count];
    this.#parts(sequence, this.#apply);
    this.#reachOthers(sequence[0] as number);
    if (!this.hasIdled) look();
    state.set(kept);
    this.reach = reach;
    writes.count = written;
    violations.length = 0;
    this.#depth--;
    this.#idle?.watch(watched);
  };

  #parts(sequence: Sequence, apply: Apply): void {
    for (const part of sequence) {
      this.#part(part, apply);
      if (this.hasIdled) return;
    }
  }

  /** An accessed flag is all that a walk changes: no op hurries that did not before. */
  #part(move: number, apply: Apply): void {
    this.#elementary(move, apply);
    if (actionOf(move) !== Action.walkWhole) this.#settle(apply, 1 << cpuOf(move));
  }

  /** Nothing has been made yet. */
  clear(): void {
    this.#machine.writes.clear();
    this.reach = 0;
    this.#idle?.watch(NONE);
  }

  readonly #apply = (move: number): void => {
    applyMove(this.#machine, move);
  };

  /**
   * Makes the moves of these CPUs that need not wait, up to a violation or the end of an NMI that came to nothing. After a move only its
   * own CPU has new ones, but for what a record that was handed over allows its new owner, which then is a move like any other.
   */
  #settle(apply: Apply, cpus: number): void {
    this.#hurries = false;
    if (this.#eagerness === undefined) return;
    const { moves } = this.#eagerness;
    moves.rewind(cpus);
    this.#hurries = true;
    while (this.#machine.violations.length === 0 && !this.hasIdled) {
      const move = moves.next();
      if (move < 0) break;
      this.#elementary(move, apply);
    }
    this.#hurries = false;
  }

  #elementary(move: number, apply: Apply): void {
    this.moves++;
    const machine = this.#machine;
    const cpu = cpuOf(move);
    const action = actionOf(move);
    this.#surroundings.move(move);
    if (action >= 0) this.reach |= reachOfAction(action, cpu);
    else this.reach |= reachOfOp(machine.runner.operands[machine.pending(cpu)] as number, cpu);
    if (action === Action.takeNmi) this.#idle?.take(cpu);
    if (this.#eagerness === undefined) apply(move);
    else this.#watched(this.#eagerness, move, apply);
    this.#idle?.look(cpu);
  }

  /** Makes the move and notes what the reductions rely upon. */
  #watched({ sharing, moves }: Eagerness, move: number, apply: Apply): void {
    const cpu = cpuOf(move);
    const op = actionOf(move) < 0 ? moves.opBeforeInterrupt(cpu, this.#hurries) : NONE;
    noteMove(this.#machine, sharing, move, apply);
    this.#note(cpu);
    if (op !== NONE && isHalting(this.#machine, cpu)) sharing.noteBeforeHalt(op);
  }

  #note(cpu: number): void {
    if (this.#eagerness !== undefined) notePending(this.#machine, this.#eagerness.sharing, cpu);
  }
}

function isHalting(machine: Machine, cpu: number): boolean {
  const base = machine.pending(cpu);
  return base >= 0 && machine.runner.operands[base] === Opcode.halt;
}
