import { FIRST_ACTION, type Machine, PROGRAM_OPS, ShootdownError, type Violation } from '@shootdown/core';
import type { AutomatonRunner } from '../automaton/automaton-runner.js';
import type { Exploration, FoundViolation, TraceStep, Verdict } from '../exploration.js';
import type { ActionPolicy } from './action-policy.js';
import { EnabledMoves } from './enabled-moves.js';
import { applyMove, moveText, partsOf } from './move.js';
import type { StateStore } from './state-store.js';
import { grown } from './vector-table.js';

/** States between two looks at the clock. */
const POLL_INTERVAL = 4096;
const NO_STATE = -1;

export interface SearchOptions {
  readonly actions: ActionPolicy;
  readonly maxStates: number;
  /** Asked now and then; true ends the search as inconclusive. */
  readonly expired: () => boolean;
  readonly stopAtFirst: boolean;
  /** Violations, as `C1 exposed`, whose states are expanded all the same. */
  readonly expandBeyond: readonly string[];
  /** What of a terminal state the caller wants to tell apart. */
  readonly project: (machine: Machine) => string;
}

/** How far a search has come. */
export interface SearchProgress {
  readonly states: number;
  /** States found and not yet expanded. */
  readonly frontier: number;
  readonly transitions: number;
}

/** A violation as the search records it: how often, and the move that first led to it. */
interface Finding {
  readonly violation: Violation;
  count: number;
  readonly from: number;
  readonly move: number;
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
  #parents = new Int32Array(1024);
  #moves = new Int32Array(1024);
  readonly #findings = new Map<string, Finding>();
  readonly #outcomes = new Map<string, number>();
  #transitions = 0;
  #terminalStates = 0;
  #depth = 0;
  /** The state that is expanded next, and the first one of the next level. */
  #next = 0;
  #levelEnd = 0;
  #limit: 'maxStates' | 'expired' | undefined;
  #isStopped = false;
  /** A state has been met in which every thread that ought to end has ended. */
  #hasFinished = false;

  constructor(machine: Machine, runner: AutomatonRunner, store: StateStore, options: SearchOptions) {
    this.#machine = machine;
    this.#runner = runner;
    this.#store = store;
    this.#options = options;
    this.#enabled = new EnabledMoves(machine, options.actions);
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

  #begin(): void {
    this.#takeViolations(NO_STATE, 0);
    this.#add(NO_STATE, 0);
    this.#levelEnd = 1;
  }

  #isOver(state: number): boolean {
    if (this.#isStopped) return true;
    if (this.#store.count > this.#options.maxStates) this.#limit = 'maxStates';
    else if (state % POLL_INTERVAL === POLL_INTERVAL - 1 && this.#options.expired()) this.#limit = 'expired';
    return this.#limit !== undefined;
  }

  #expand(state: number): void {
    const enabled = this.#enabled;
    this.#store.restore(state);
    this.#machine.state.set(this.#store.base);
    enabled.collect();
    this.#hasFinished ||= this.#unfinished() < 0;
    if (!enabled.hasProgress) this.#terminal(state);
    for (let i = 0; i < enabled.count && !this.#isStopped; i++) {
      const move = enabled.moves[i] as number;
      this.#machine.writtenWord = -1;
      applyMove(this.#machine, move);
      this.#transitions++;
      if (this.#machine.violations.length === 0 || this.#takeViolations(state, move)) {
        this.#add(state, move);
        this.#store.revert(this.#machine.state);
      } else {
        this.#machine.state.set(this.#store.base);
      }
    }
  }

  #add(parent: number, move: number): void {
    const before = this.#store.count;
    const id = this.#store.add(this.#machine.state, this.#machine.writtenWord);
    if (id !== before) return;
    if (id >= this.#parents.length) {
      this.#parents = grown(this.#parents);
      this.#moves = grown(this.#moves);
    }
    this.#parents[id] = parent;
    this.#moves[id] = move;
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
    this.#takeViolations(this.#parents[state] as number, this.#moves[state] as number);
  }

  /** The first thread that ought to end and has not, or -1. */
  #unfinished(): number {
    const machine = this.#machine;
    return machine.boot.threads.findIndex((thread, index) => !thread.daemon && !machine.isFinished(index));
  }

  /**
   * The coarse half of C6: a graph explored to its end without a violation in which the threads never all end. Users that
   * loop for ever keep such a run from being a deadlock.
   */
  #checkProgress(): void {
    if (this.#hasFinished || this.#isStopped || this.#limit !== undefined || this.#findings.size > 0) return;
    const last = this.#store.count - 1;
    this.#store.restore(last);
    const machine = this.#machine;
    machine.state.set(this.#store.base);
    const cpu = machine.boot.threads[this.#unfinished()]?.cpu ?? 0;
    machine.report('C6', 'progress', cpu, `no state is reachable in which it has finished: ${this.#waiters()}`);
    this.#takeViolations(this.#parents[last] as number, this.#moves[last] as number);
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
  #takeViolations(from: number, move: number): boolean {
    let isTolerated = true;
    for (const violation of this.#machine.violations) {
      const key = `${violation.contract} ${violation.form}`;
      const known = this.#findings.get(key);
      if (known === undefined) this.#findings.set(key, { violation, count: 1, from, move });
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
      automatonNodes: this.#runner.automaton.size - 1,
      bytes: this.#store.bytes + 4 * (this.#parents.length + this.#moves.length),
    };
  }

  #found(finding: Finding): FoundViolation {
    const { contract, form, cpu, text } = finding.violation;
    return { contract, form, cpu, text, count: finding.count, trace: this.#trace(finding) };
  }

  /** Re-executes the recorded moves from the initial state to the finding. */
  #trace(finding: Finding): readonly TraceStep[] {
    if (finding.from === NO_STATE) return [];
    const moves = [finding.move];
    for (let state = finding.from; this.#parents[state] !== NO_STATE; state = this.#parents[state] as number)
      moves.push(this.#moves[state] as number);
    this.#store.restore(0);
    this.#machine.state.set(this.#store.base);
    const trace = moves.reverse().map((move) => this.#retrace(move));
    this.#machine.violations.length = 0;
    return trace;
  }

  #retrace(move: number): TraceStep {
    const machine = this.#machine;
    const { cpu, action, choice } = partsOf(move);
    const text = moveText(machine, move);
    if (action >= 0)
      return { cpu, move: FIRST_ACTION + action, choice, programs: [], text, value: applyMove(machine, move) };
    if (!machine.canExecute(cpu))
      throw new ShootdownError('INTERNAL', `The step '${text}' on CPU ${cpu} of a recorded path is not enabled.`);
    const programs = this.#runner.stack(machine.top(cpu)).map((program) => machine.boot.programs[program]?.name ?? '?');
    const opcode = machine.runner.operands[machine.pending(cpu)] as number;
    return { cpu, move: opcode, choice, programs, text, value: applyMove(machine, move) };
  }
}
