import { Action, type Machine } from '@shootdown/core';
import type { MachineFactory } from '@shootdown/checker';
import { automatonMachine } from '../src/explore.js';
import { EagerMoves } from '../src/reduction/eager-moves.js';
import { Futures } from '../src/reduction/futures.js';
import { noteMove } from '../src/reduction/note-move.js';
import { notePending } from '../src/reduction/note-pending.js';
import { OwnInvalidations } from '../src/reduction/own-invalidations.js';
import { Sharing } from '../src/reduction/sharing.js';
import { Surroundings } from '../src/reduction/surroundings.js';
import { EnabledMoves } from '../src/search/enabled-moves.js';
import { actionOf, applyMove, cpuOf, moveText } from '../src/search/move.js';

type State = Int32Array<ArrayBuffer>;
/** A state, the one that the move which hurries leads to from there, and how both were come to. */
type Pair = readonly [without: State, withIt: State, way: string];

const RULES = { private: true, owned: true, unreadFrames: false, invalidations: true, cleanFirst: true };

/**
 * Holds every move that hurries, in every state of a machine, against all that can come before it: whatever does can come after it, violates
 * the same, and where the move is made at last the two states are one, to the last word of the monitors.
 */
export class Commuting {
  /** Moves that hurry, each in each of its states, and moves that they were held against. */
  eager = 0;
  compared = 0;
  readonly faults: string[] = [];
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #futures: Futures;
  readonly #moves: EagerMoves;
  readonly #enabled: EnabledMoves;
  readonly #met = new Set<string>();

  constructor(make: MachineFactory) {
    const { machine, runner } = automatonMachine(make);
    this.#machine = machine;
    this.#sharing = new Sharing(machine);
    const surroundings = new Surroundings(machine);
    this.#futures = new Futures(machine, runner.automaton, surroundings);
    const invalidations = new OwnInvalidations(machine, surroundings, this.#sharing, this.#futures, false);
    const commuting = { machine, sharing: this.#sharing, futures: this.#futures, invalidations, surroundings };
    this.#moves = new EagerMoves(commuting, RULES);
    this.#enabled = new EnabledMoves(machine, {});
  }

  /** False when the machine has more states than that. */
  check(mostStates: number): boolean {
    const states = this.#states(mostStates);
    if (states.length > mostStates) return false;
    this.#sharing.restart();
    this.#futures.restart();
    for (const state of states)
      for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) this.#checkMove(state, cpu);
    return true;
  }

  /** All states, and what they teach of who touches what. */
  #states(most: number): readonly State[] {
    const machine = this.#machine;
    const known = new Map([[machine.state.join(), Int32Array.from(machine.state)]]);
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) notePending(machine, this.#sharing, cpu);
    for (const state of known.values()) {
      if (known.size > most) break;
      for (const move of this.#enabledIn(state)) {
        machine.state.set(state);
        noteMove(machine, this.#sharing, move, (each) => applyMove(machine, each));
        notePending(machine, this.#sharing, cpuOf(move));
        if (machine.violations.length === 0) known.set(machine.state.join(), Int32Array.from(machine.state));
        else this.#sharing.noteViolation();
        machine.violations.length = 0;
      }
    }
    return [...known.values()];
  }

  #enabledIn(state: State): readonly number[] {
    this.#machine.state.set(state);
    this.#enabled.collect();
    return [...this.#enabled.moves.subarray(0, this.#enabled.count)];
  }

  /** The state after a move, and what it violates. */
  #after(state: State, move: number): { readonly state: State; readonly violated: string } {
    const machine = this.#machine;
    machine.state.set(state);
    applyMove(machine, move);
    const violated = machine.violations.map(({ contract, form, cpu }) => `${contract} ${form} ${cpu}`).sort();
    machine.violations.length = 0;
    return { state: Int32Array.from(machine.state), violated: violated.join() };
  }

  #checkMove(state: State, cpu: number): void {
    this.#machine.state.set(state);
    const move = this.#moves.of(cpu);
    if (move < 0) return;
    this.eager++;
    const text = moveText(this.#machine, move);
    const pending = this.#pendingOf(state, cpu);
    const made = this.#after(state, move);
    if (made.violated !== '') this.faults.push(`${text}: ${made.violated}`);
    const pairs: Pair[] = [[state, this.#drained(made.state, move), text]];
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const key = `${move} ${pair[0].join()} ${pair[1].join()}`;
      if (this.#met.has(key)) continue;
      this.#met.add(key);
      pairs.push(...this.#successors(pair, move, pending));
    }
  }

  /** After the drains that hurry, of an op's CPU: a store that hurries though a handler may come before it leaves the buffer so. */
  #drained(state: State, move: number): State {
    if (actionOf(move) >= 0) return state;
    this.#machine.state.set(state);
    const next = this.#moves.of(cpuOf(move));
    return next >= 0 && actionOf(next) === Action.drain ? this.#drained(this.#after(state, next).state, move) : state;
  }

  /** The op that the CPU is at, and in which context. */
  #pendingOf(state: State, cpu: number): string {
    this.#machine.state.set(state);
    return `${this.#machine.top(cpu)} ${this.#machine.pending(cpu)}`;
  }

  /** Pairs that another move leads to. Whose op hurries, and is pending, has no other one. */
  #successors([without, withIt, way]: Pair, move: number, pending: string): readonly Pair[] {
    const cpu = cpuOf(move);
    const isOp = actionOf(move) < 0;
    const isPending = isOp && this.#pendingOf(without, cpu) === pending;
    if (isPending && this.#drained(this.#after(without, move).state, move).join() !== withIt.join()) {
      this.faults.push(`${way}: another state`);
      return [];
    }
    const after = new Set(this.#enabledIn(withIt));
    const others = this.#enabledIn(without).filter(
      (other) => cpuOf(other) !== cpu || (isOp && !(isPending && actionOf(other) < 0)),
    );
    const pairs = others.flatMap((other) => this.#both([without, withIt, way], other, after.has(other)));
    return pairs.map(([first, second, told]) => [this.#drained(first, move), this.#drained(second, move), told]);
  }

  /** Makes the move in both states of a pair. */
  #both([without, withIt, way]: Pair, move: number, isEnabled: boolean): readonly Pair[] {
    this.compared++;
    this.#machine.state.set(without);
    const told = `${way} < ${cpuOf(move)} ${moveText(this.#machine, move)}`;
    if (!isEnabled) {
      this.faults.push(`${told}: disabled`);
      return [];
    }
    const first = this.#after(without, move);
    const second = this.#after(withIt, move);
    if (first.violated !== second.violated) this.faults.push(`${told}: ${first.violated} or ${second.violated}`);
    return first.violated === '' && second.violated === '' ? [[first.state, second.state, told]] : [];
  }
}
