import { hasRoom, type Machine, PROGRAM_OPS, ShootdownError, type Violation } from '@shootdown/core';
import type { AutomatonRunner } from '../automaton/automaton-runner.js';
import type { Exploration, FoundViolation, Limit, TableBytes, TraceStep, Verdict } from '../exploration.js';
import type { ActionPolicy } from './action-policy.js';
import { EnabledMoves } from './enabled-moves.js';
import { type Eagerness, Mover } from './mover.js';
import { Progress } from './progress.js';
import type { StateStore } from './state-store.js';
import { traceOf } from './trace.js';
import { grown } from './vector-table.js';

/** States between two looks at the clock. */
const POLL_INTERVAL = 4096;
const NO_STATE = -1;
const NO_CPU = -1;

export interface SearchOptions {
  readonly actions: ActionPolicy;
  readonly maxStates: number;
  readonly maxBytes: number;
  /** Asked now and then; true ends the search as inconclusive. */
  readonly expired: () => boolean;
  readonly stopAtFirst: boolean;
  /** Violations, as `C1 exposed`, whose states are expanded all the same. */
  readonly expandBeyond: readonly string[];
  /** What of a terminal state the caller wants to tell apart. */
  readonly project: (machine: Machine) => string;
  /** Moves that are made at once because they commute with all others; undefined for none. */
  readonly eagerness: Eagerness | undefined;
  /** Arrivals of IPIs are put off until they are taken. */
  readonly lateDelivery: boolean;
}

/** How far a search has come. */
export interface SearchProgress {
  readonly states: number;
  /** States found and not yet expanded. */
  readonly frontier: number;
  readonly transitions: number;
}

/** A violation as the search records it: how often, and the way that first led to it. */
interface Finding {
  readonly violation: Violation;
  count: number;
  /** The state before the violating move, and that move; -1: the state itself violates. */
  readonly from: number;
  readonly move: number;
  /** States beyond `from` that the way goes on through. */
  readonly beyond: readonly number[];
}

/**
 * Breadth-first search over every interleaving of one machine: the first path to a state is a shortest one. A state is
 * expanded in the order of its discovery, so its number is its place in the queue.
 */
export class Search {
  readonly #machine: Machine;
  readonly #runner: AutomatonRunner;
  readonly #store: StateStore;
  readonly #options: SearchOptions;
  readonly #enabled: EnabledMoves;
  readonly #mover: Mover;
  readonly #initial: Int32Array;
  #parents = new Int32Array(1024);
  readonly #progress = new Progress();
  readonly #findings = new Map<string, Finding>();
  readonly #outcomes = new Map<string, number>();
  #transitions = 0;
  #terminalStates = 0;
  #depth = 0;
  /** The state that is expanded next, and the first one of the next level. */
  #next = 0;
  #levelEnd = 0;
  #limit: Limit | undefined;
  #hasMetFullBuffer = false;
  /** The CPU whose answers alone are followed from the present state; -1: all moves are. */
  #chooser = NO_CPU;
  /** The present state has led to one that is not expanded yet. */
  #hasLedOn = false;
  /** States with a pending `choose` from which all moves are followed. */
  readonly #whole = new Set<number>();
  #isStopped = false;

  constructor(machine: Machine, runner: AutomatonRunner, store: StateStore, options: SearchOptions) {
    this.#machine = machine;
    this.#runner = runner;
    this.#store = store;
    this.#options = options;
    this.#enabled = new EnabledMoves(machine, options.actions, options.lateDelivery);
    this.#mover = new Mover(machine, options.eagerness);
    this.#initial = Int32Array.from(machine.state);
  }

  /** Expands up to so many more states; true when nothing is left to do. */
  advance(states: number): boolean {
    if (this.#store.count === 0) this.#begin();
    for (let left = states; left > 0; left--) {
      if (this.#next >= this.#store.count) this.#checkProgress();
      if (this.#next >= this.#store.count || this.#isOver(this.#next)) return true;
      if (this.#next === this.#levelEnd) {
        this.#levelEnd = this.#store.count;
        this.#depth++;
      }
      this.#expand(this.#next++);
    }
    return false;
  }

  progress(): SearchProgress {
    const states = this.#store.count;
    return { states, frontier: states - this.#next, transitions: this.#transitions };
  }

  /** What the search relied upon has turned out to be false: it has to begin anew. */
  get isBroken(): boolean {
    return this.#options.eagerness?.sharing.isBroken ?? false;
  }

  #begin(): void {
    this.#mover.begin();
    this.#takeViolations(NO_STATE, 0);
    this.#add(NO_STATE);
    this.#levelEnd = 1;
  }

  #isOver(state: number): boolean {
    if (this.#isStopped || this.isBroken) return true;
    if (this.#store.count > this.#options.maxStates) this.#limit = 'maxStates';
    else if (state % POLL_INTERVAL === POLL_INTERVAL - 1) this.#poll();
    return this.#limit !== undefined;
  }

  #poll(): void {
    if (this.#options.expired()) this.#limit = 'expired';
    else if (sum(this.#bytes()) > this.#options.maxBytes) this.#limit = 'maxBytes';
  }

  #bytes(): TableBytes {
    return { ...this.#store.bytes, parents: this.#parents.byteLength, edges: this.#progress.bytes };
  }

  #expand(state: number): void {
    this.#restore(state);
    this.#collect(state);
    this.#progress.begin(this.#unfinished() < 0);
    this.#hasMetFullBuffer ||= hasFullBuffer(this.#machine);
    if (!this.#enabled.hasProgress) this.#terminal(state);
    this.#followAll(state);
    if (this.#chooser < 0 || this.#isStopped || this.#hasLedOn) return;
    // Every answer leads back: whoever chooses in a circle must not hide the others.
    this.#whole.add(state);
    this.#collect(state);
    this.#followAll(state);
  }

  #followAll(state: number): void {
    this.#hasLedOn = false;
    for (let index = 0; index < this.#enabled.count && !this.#isStopped; index++) this.#follow(state, index);
  }

  #follow(state: number, index: number): void {
    const machine = this.#machine;
    const move = this.#enabled.moves[index] as number;
    this.#mover.make(move);
    this.#transitions++;
    if (machine.violations.length > 0 && !this.#takeViolations(state, move)) {
      machine.state.set(this.#store.base);
      return;
    }
    const next = this.#add(state);
    if (next >= this.#next) this.#hasLedOn = true;
    if (this.#enabled.isFair(index)) this.#progress.leadsTo(next);
    this.#store.revert(machine.state);
  }

  #restore(state: number): void {
    this.#store.restore(state);
    this.#machine.state.set(this.#store.base);
  }

  #collect(state: number): void {
    const { eagerness } = this.#options;
    this.#chooser =
      eagerness === undefined || this.#whole.has(state) ? NO_CPU : this.#enabled.collectChoice(eagerness.moves);
    if (this.#chooser === NO_CPU) this.#enabled.collect();
  }

  #add(parent: number): number {
    const before = this.#store.count;
    const id = this.#store.add(this.#machine.state, this.#machine.writes, this.#mover.reach);
    if (id !== before) return id;
    if (id >= this.#parents.length) this.#parents = grown(this.#parents);
    this.#parents[id] = parent;
    return id;
  }

  /** No fair move: an outcome, or a deadlock when a thread that ought to end has not. */
  #terminal(state: number): void {
    const machine = this.#machine;
    this.#terminalStates++;
    const outcome = this.#options.project(machine);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    const stuck = this.#unfinished();
    if (stuck < 0) return;
    const text = `no fair move is left: ${this.#waiters()}`;
    machine.report('C6', 'deadlock', machine.boot.threads[stuck]?.cpu ?? 0, text);
    this.#takeViolations(state, NO_STATE);
  }

  /** The first thread that ought to end and has not, or -1. */
  #unfinished(): number {
    const machine = this.#machine;
    const { threads } = machine.boot;
    for (let thread = 0; thread < threads.length; thread++)
      if (threads[thread]?.daemon !== true && !machine.isFinished(thread)) return thread;
    return -1;
  }

  /** C6 on the whole graph, when it was explored to its end and nothing else was found. */
  #checkProgress(): void {
    if (this.#isStopped || this.isBroken || this.#limit !== undefined || this.#findings.size > 0) return;
    const stuck = this.#progress.firstStuck();
    if (stuck < 0) return;
    const machine = this.#machine;
    const path = this.#progress.nearest(stuck, (state) => this.#isBlocked(state));
    this.#restore(path.at(-1) as number);
    const cpu = machine.boot.threads[this.#unfinished()]?.cpu ?? 0;
    machine.report('C6', 'progress', cpu, `no state is reachable in which it has finished: ${this.#waiters()}`);
    this.#takeViolations(stuck, NO_STATE, path.slice(1));
  }

  /** No CPU with a thread that ought to end can move. */
  #isBlocked(state: number): boolean {
    this.#restore(state);
    this.#collect(state);
    const { threads } = this.#machine.boot;
    return threads.every(
      (thread, index) => thread.daemon || this.#machine.isFinished(index) || !this.#enabled.hasMoveOf(thread.cpu),
    );
  }

  /** Who waits for what. */
  #waiters(): string {
    const machine = this.#machine;
    const lines: string[] = [];
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      const base = machine.pending(cpu);
      if (base < 0) continue;
      lines.push(
        `CPU ${cpu} is at ${PROGRAM_OPS[machine.runner.operands[base] as number]?.text(machine, base) ?? '?'}`,
      );
    }
    return lines.join('; ');
  }

  /** Records what the monitors have reported; true when the search may go on from there. */
  #takeViolations(from: number, move: number, beyond: readonly number[] = []): boolean {
    let isTolerated = true;
    for (const violation of this.#machine.violations) {
      const key = `${violation.contract} ${violation.form}`;
      const known = this.#findings.get(key);
      if (known === undefined) this.#findings.set(key, { violation, count: 1, from, move, beyond });
      else known.count++;
      if (this.#options.stopAtFirst) this.#isStopped = true;
      if (!this.#options.expandBeyond.includes(key)) isTolerated = false;
    }
    this.#machine.violations.length = 0;
    return isTolerated;
  }

  /** What has been seen so far. A search that could still advance is incomplete. */
  report(): Exploration {
    const isDone = this.#store.count > 0 && this.#next >= this.#store.count;
    const bytesOf = this.#bytes();
    const { moves } = this.#mover;
    const violations = [...this.#findings.values()].map((finding) => this.#found(finding));
    const verdict: Verdict = violations.length > 0 ? 'violated' : isDone ? 'clean' : 'inconclusive';
    return {
      verdict,
      isComplete: isDone && !this.#isStopped,
      ...(this.#limit === undefined ? {} : { limit: this.#limit }),
      states: this.#store.count,
      transitions: this.#transitions,
      depth: this.#depth,
      terminalStates: this.#terminalStates,
      outcomes: new Map([...this.#outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
      violations,
      elementaryMoves: moves,
      automatonNodes: this.#runner.automaton.size - 1,
      generatorRuns: this.#runner.automaton.runs,
      metFullBuffer: this.#hasMetFullBuffer,
      bytes: sum(bytesOf),
      bytesOf,
    };
  }

  #found(finding: Finding): FoundViolation {
    const { contract, form, cpu, text } = finding.violation;
    return { contract, form, cpu, text, count: finding.count, trace: this.#trace(finding) };
  }

  /** Re-executes the way from the initial state to the finding. */
  #trace({ from, move, beyond }: Finding): readonly TraceStep[] {
    if (from === NO_STATE) return [];
    const path = [from];
    for (let state = this.#parents[from] as number; state !== NO_STATE; state = this.#parents[state] as number)
      path.push(state);
    const states = [...path.reverse(), ...beyond];
    const moves = states.slice(1).map((state, index) => this.#moveBetween(states[index] as number, state));
    if (move !== NO_STATE) moves.push(move);
    this.#machine.state.set(this.#initial);
    const trace = traceOf(this.#machine, this.#runner, this.#mover, moves);
    this.#machine.violations.length = 0;
    return trace;
  }

  /** A move that leads from one state to another, found by making all of them again. */
  #moveBetween(from: number, to: number): number {
    this.#restore(from);
    this.#collect(from);
    for (let index = 0; index < this.#enabled.count; index++) {
      const move = this.#enabled.moves[index] as number;
      this.#mover.make(move);
      this.#machine.violations.length = 0;
      if (this.#store.add(this.#machine.state, this.#machine.writes, this.#mover.reach) === to) return move;
      this.#machine.state.set(this.#store.base);
    }
    throw new ShootdownError('INTERNAL', `No move leads from state ${from} to state ${to} again.`);
  }
}

const sum = ({ keys, components, parents, edges }: TableBytes): number => keys + components + parents + edges;

/** A CPU's next store has to wait for a drain: a deeper buffer might show more. */
function hasFullBuffer(machine: Machine): boolean {
  for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) if (!hasRoom(machine, cpu)) return true;
  return false;
}
