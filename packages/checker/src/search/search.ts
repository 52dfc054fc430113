import { type Machine, ShootdownError } from '@shootdown/core';
import type { AutomatonRunner } from '../automaton/automaton-runner.js';
import type { Exploration, FoundViolation, Limit, TableBytes, TraceStep, Verdict } from '../exploration.js';
import { IdleNmis } from '../reduction/idle-nmis.js';
import { LateMoves } from '../reduction/late-moves.js';
import type { Starts } from '../reduction/sharing-walks.js';
import { CollapsedStore } from './collapsed-store.js';
import { CpuMoves, unfinished } from './cpu-moves.js';
import { breaksOf } from './eagerness.js';
import { EnabledMoves } from './enabled-moves.js';
import { Mover } from './mover.js';
import { Graph } from './graph.js';
import { type Finding, keyOf } from './finding.js';
import { firstStuck, nearest } from './progress.js';
import type { StateStore } from './state-store.js';
import type { SearchOptions } from './search-options.js';
import type { SearchProgress } from './search-progress.js';
import { shortened } from './shorten.js';
import { told, traceOf } from './trace.js';
import { waiters } from './waiters.js';

/** States between two looks at the clock. */
const POLL_INTERVAL = 4096;
const NO_STATE = -1;
const NO_RECORD = -1;

/**
 * Breadth-first search over every interleaving of one machine: the first path to a state is a shortest one. A state is
 * expanded in the order of its discovery, so its number is its place in the queue.
 */
export class Search {
  readonly #machine: Machine;
  readonly #runner: AutomatonRunner;
  readonly #store: StateStore;
  readonly #options: SearchOptions;
  readonly #moves: CpuMoves;
  readonly #mover: Mover;
  readonly #initial: Int32Array;
  readonly #graph = new Graph();
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
  /** The state whose moves are looked at, whether the machine is in it, and the record of each CPU's moves. */
  #present = NO_STATE;
  #isRestored = false;
  readonly #records: Int32Array;
  /** The present state has led to one that is not expanded yet. */
  #hasLedOn = false;
  /** States from which all moves are followed, although some could be followed alone. */
  readonly #whole = new Set<number>();
  #isStopped = false;

  constructor(machine: Machine, runner: AutomatonRunner, store: StateStore, options: SearchOptions) {
    this.#machine = machine;
    this.#runner = runner;
    this.#store = store;
    this.#options = options;
    const { eagerness, surroundings } = options;
    const idle = options.idleNmis ? new IdleNmis(machine, surroundings, eagerness?.sharing) : undefined;
    this.#mover = new Mover(machine, surroundings, eagerness, idle);
    this.#moves = new CpuMoves({
      machine,
      store: options.rememberMoves > 0 ? numbering(machine, store) : undefined,
      mostMoves: options.rememberMoves,
      checkRemembered: options.checkRemembered,
      enabled: new EnabledMoves(machine, options.actions, {
        delivery: options.lateDelivery,
        moves: options.lateMoves
          ? new LateMoves(machine, surroundings, eagerness?.moves, this.#mover.behind)
          : undefined,
        composites: this.#mover.composites,
        surroundings,
      }),
      mover: this.#mover,
      surroundings,
      restore: () => this.#restore(),
      eagerness,
    });
    this.#records = new Int32Array(machine.layout.cpuCount);
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
    return breaksOf(this.#options.eagerness) > 0;
  }

  /** It is broken by a violation and by nothing else: its moves are what they were, what it has found is true, but may not be all. */
  get isOnlyViolated(): boolean {
    const { eagerness } = this.#options;
    return eagerness?.sharing.isViolated === true && breaksOf(eagerness) === 1;
  }

  /** The states that have been found. */
  get visited(): Starts {
    const restore = (state: number): void => {
      this.#store.restore(state);
      this.#machine.state.set(this.#store.base);
    };
    return { count: this.#store.count, restore };
  }

  #begin(): void {
    this.#mover.begin();
    this.#takeViolations(NO_STATE, 0);
    this.#add();
    this.#levelEnd = 1;
  }

  #isOver(state: number): boolean {
    if (this.#isStopped) return true;
    if (this.#store.count > this.#options.maxStates) this.#limit = 'maxStates';
    else if (state % POLL_INTERVAL === POLL_INTERVAL - 1) this.#poll();
    return this.#limit !== undefined;
  }

  #poll(): void {
    if (this.#options.expired()) this.#limit = 'expired';
    else if (sum(this.#bytes()) > this.#options.maxBytes) this.#limit = 'maxBytes';
  }

  #bytes(): TableBytes {
    return { ...this.#store.bytes, graph: this.#graph.bytes, moves: this.#moves.bytes };
  }

  #expand(state: number): void {
    this.#look(state);
    this.#graph.begin(this.#records.every((record) => this.#moves.isEnd(record)));
    if (this.#records.every((record) => !this.#moves.hasFair(record))) this.#terminal(state);
    const record = this.#loner();
    this.#hasLedOn = false;
    if (record >= 0) this.#followAlone(record);
    else for (const each of this.#records) this.#followAll(each);
  }

  /** Makes this state the present one. */
  #look(state: number): void {
    this.#present = state;
    this.#isRestored = false;
    this.#moves.begin(state);
    for (let cpu = 0; cpu < this.#records.length; cpu++) {
      const record = this.#moves.of(cpu);
      this.#records[cpu] = record;
      this.#hasMetFullBuffer ||= this.#moves.hasFullBuffer(record);
    }
  }

  /** The record of a CPU of whose moves a few alone need to be followed, for they commute with whatever the others do; or -1. */
  #loner(): number {
    for (const record of this.#records) if (this.#moves.endOfAlone(record) > this.#moves.first(record)) return record;
    return NO_RECORD;
  }

  #followAlone(record: number): void {
    this.#follow(record, this.#moves.endOfAlone(record));
    if (this.#isStopped || this.#hasLedOn) return;
    // Each of them leads back: whoever goes in a circle must not hide the others.
    this.#whole.add(this.#present);
    for (const each of this.#records) this.#followAll(each);
  }

  #followAll(record: number): void {
    this.#follow(record, this.#moves.end(record));
  }

  #follow(record: number, end: number): void {
    const endOfAlone = this.#moves.endOfAlone(record);
    for (let index = this.#moves.first(record); index < end && !this.#isStopped; index++) {
      this.#transitions++;
      const next = this.#successor(record, index, index < endOfAlone);
      if (next === NO_STATE) continue;
      if (next >= this.#next) this.#hasLedOn = true;
      this.#graph.leadsTo(next, this.#moves.isFair(index));
    }
  }

  /** The number of the state that a move of the present one leads to; -1: it violates, and the search does not go on from there. */
  #successor(record: number, index: number, hurries: boolean): number {
    const known = this.#moves.stateAfter(index);
    if (known !== NO_STATE) return this.#options.checkRemembered ? this.#checked(known, record, index, hurries) : known;
    const machine = this.#machine;
    const move = this.#moves.move(index);
    this.#make(record, index, hurries);
    const isViolation = machine.violations.length > 0;
    if (isViolation && !this.#takeViolations(this.#present, move)) {
      machine.state.set(this.#store.base);
      return NO_STATE;
    }
    const next = this.#add();
    if (!isViolation) this.#moves.remember(index);
    this.#store.revert(machine.state);
    return next;
  }

  /** The state that a remembered move leads to, which is made all the same, unless what it was found under has just turned out to be false. */
  #checked(known: number, record: number, index: number, hurries: boolean): number {
    if (this.isBroken) return known;
    this.#make(record, index, hurries);
    const made = this.#machine.violations.length > 0 ? NO_STATE : this.#add();
    this.#machine.state.set(this.#store.base);
    if (made === known) return known;
    const move = this.#moves.move(index);
    throw new ShootdownError('INTERNAL', `Move ${move} of state ${this.#present} leads to ${made}, not to ${known}.`);
  }

  /** Makes a move of the present state, in which the machine stays when an NMI comes to nothing. */
  #make(record: number, index: number, hurries: boolean): void {
    this.#restore();
    this.#moves.watch(record, index);
    this.#mover.make(this.#moves.move(index), undefined, hurries);
    if (this.#mover.hasIdled) this.#machine.state.set(this.#store.base);
  }

  /** Brings the machine to the present state. */
  #restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    this.#store.restore(this.#present);
    this.#machine.state.set(this.#store.base);
  }

  #add(): number {
    return this.#store.add(this.#machine.state, this.#machine.writes, this.#mover.reach);
  }

  /** No fair move: an outcome, or a deadlock when a thread that ought to end has not. */
  #terminal(state: number): void {
    const machine = this.#machine;
    this.#restore();
    this.#terminalStates++;
    const outcome = this.#options.project(machine);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    const stuck = unfinished(machine);
    if (stuck < 0) return;
    const text = `no fair move is left: ${waiters(machine)}`;
    machine.report('C6', 'deadlock', machine.boot.threads[stuck]?.cpu ?? 0, text);
    this.#takeViolations(state, NO_STATE);
  }

  /** C6 on the whole graph, when it was explored to its end and nothing else was found. */
  #checkProgress(): void {
    if (this.#isStopped || this.isBroken || this.#limit !== undefined || this.#findings.size > 0) return;
    const stuck = firstStuck(this.#graph);
    if (stuck < 0) return;
    const machine = this.#machine;
    const path = nearest(this.#graph, stuck, (state) => this.#isBlocked(state));
    this.#look(path.at(-1) as number);
    this.#restore();
    const cpu = machine.boot.threads[unfinished(machine)]?.cpu ?? 0;
    machine.report('C6', 'progress', cpu, `no state is reachable in which it has finished: ${waiters(machine)}`);
    this.#takeViolations(stuck, NO_STATE, path.slice(1));
  }

  /** No CPU with a thread that ought to end can move. */
  #isBlocked(state: number): boolean {
    this.#look(state);
    this.#restore();
    const { threads } = this.#machine.boot;
    return threads.every(
      (thread, index) =>
        thread.daemon || this.#machine.isFinished(index) || !this.#moves.hasFair(this.#records[thread.cpu] as number),
    );
  }

  /** Records what the monitors have reported; true when the search may go on from there. */
  #takeViolations(from: number, move: number, beyond: readonly number[] = []): boolean {
    if (this.#machine.violations.length > 0) this.#options.eagerness?.sharing.noteViolation();
    for (const violation of this.#machine.violations) {
      const key = keyOf(violation);
      const known = this.#findings.get(key);
      if (known === undefined) this.#findings.set(key, { violation, count: 1, from, move, beyond });
      else known.count++;
      if (this.#options.stopAtFirst) this.#isStopped = true;
    }
    const isTolerated = this.#areTolerated();
    this.#machine.violations.length = 0;
    return isTolerated;
  }

  /** The search goes on from where the monitors have reported this, or nothing. */
  #areTolerated(): boolean {
    return this.#machine.violations.every((violation) => this.#options.expandBeyond.includes(keyOf(violation)));
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

  /** Re-executes the way from the initial state to the finding, without what it does not take. */
  #trace(finding: Finding): readonly TraceStep[] {
    const whole = this.#wholeTrace(finding);
    if (finding.move === NO_STATE || this.#options.expandBeyond.length > 0) return whole;
    const moves = shortened(this.#machine, this.#initial, whole, finding.violation);
    this.#machine.state.set(this.#initial);
    const trace = told(this.#machine, this.#runner, moves);
    this.#machine.violations.length = 0;
    return trace;
  }

  #wholeTrace({ from, move, beyond }: Finding): readonly TraceStep[] {
    if (from === NO_STATE) return [];
    const path = [from];
    for (let state = this.#graph.parentOf(from); state !== NO_STATE; state = this.#graph.parentOf(state))
      path.push(state);
    const states = [...path.reverse(), ...beyond];
    const moves = states.slice(1).map((state, index) => this.#moveBetween(states[index] as number, state));
    if (move !== NO_STATE) moves.push(move);
    this.#machine.state.set(this.#initial);
    const trace = traceOf(this.#machine, this.#runner, this.#mover, moves);
    this.#machine.violations.length = 0;
    return trace;
  }

  /** A move that leads from one state to another. */
  #moveBetween(from: number, to: number): number {
    this.#look(from);
    const loner = this.#whole.has(from) ? NO_RECORD : this.#loner();
    for (const record of this.#records) {
      if (loner >= 0 && record !== loner) continue;
      const end = loner >= 0 ? this.#moves.endOfAlone(record) : this.#moves.end(record);
      for (let index = this.#moves.first(record); index < end; index++)
        if (this.#again(record, index) === to) return this.#moves.move(index);
    }
    throw new ShootdownError('INTERNAL', `No move leads from state ${from} to state ${to} again.`);
  }

  /** The state that a move led to when it was followed before; -1: it violates, and the search did not go on from there. */
  #again(record: number, index: number): number {
    const known = this.#moves.stateAfter(index);
    if (known !== NO_STATE) return known;
    this.#make(record, index, false);
    const state = this.#areTolerated() ? this.#add() : NO_STATE;
    this.#machine.violations.length = 0;
    this.#machine.state.set(this.#store.base);
    return state;
  }
}

/** What numbers the parts of states, where the moves of a CPU depend on none that belongs to another. */
function numbering({ layout }: Machine, store: StateStore): CollapsedStore | undefined {
  // A CPU carries out the INVLPGBs that others have issued.
  return store instanceof CollapsedStore && layout.broadcasts === 0 ? store : undefined;
}

const sum = (bytes: TableBytes): number => Object.values(bytes).reduce((total, part: number) => total + part, 0);
