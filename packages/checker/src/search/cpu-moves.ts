import { Action, type Machine, Opcode, ShootdownError } from '@shootdown/core';
import type { Surroundings } from '../reduction/surroundings.js';
import { Answers } from '../remembered/answers.js';
import type { CollapsedStore } from './collapsed-store.js';
import { DecisionTrees, UNKNOWN } from '../remembered/decision-trees.js';
import type { EnabledMoves } from './enabled-moves.js';
import { HiddenStores } from '../remembered/hidden-stores.js';
import { ForeignFutures } from '../remembered/foreign-futures.js';
import { breaksOf, type Eagerness } from './eagerness.js';
import type { Mover } from './mover.js';
import { actionOf, cpuOf, isComposite } from './move.js';
import type { Sequence } from '../reduction/late-moves.js';
import { NOTHING, Outcomes } from '../remembered/outcomes.js';
import { grown } from './vector-table.js';

/** What is known of a CPU's moves besides themselves. */
const Trait = { isFair: 1, hasFullBuffer: 2, isEnd: 4 } as const;
/** Columns of a record; `alone`: its first moves that are followed alone; `firstQuestion`: where the questions begin under whose answers it was found. */
const Rec = { firstMove: 0, traits: 1, alone: 2, firstQuestion: 3 } as const;
const RECORD = 4;
/**
 * Columns of a move; `outcomes`: the root of the tree of what it led to. `blind`: the place among the roots of the trees of what moves led to
 * without looking at frames, 0: it has none.
 */
const Move = { move: 0, isFair: 1, outcomes: 2, blind: 3 } as const;
const MOVE = 4;
const NONE = -1;
/** What is not remembered. */
const NO_STATE = -1;

/** What finds the moves of a state and makes them. */
export interface MoveMakers {
  readonly machine: Machine;
  /** Numbers the parts of states. Without it nothing is remembered. */
  readonly store: CollapsedStore | undefined;
  /** Moves, or what they depend on, after which all are forgotten, and found out anew where they are met again. */
  readonly mostMoves: number;
  /** What is remembered is found out all the same, and compared. */
  readonly checkRemembered: boolean;
  readonly enabled: EnabledMoves;
  readonly mover: Mover;
  readonly surroundings: Surroundings;
  /** Brings the machine to the present state, unless it is there. */
  readonly restore: () => void;
  /** What need not wait for others, if anything. */
  readonly eagerness: Eagerness | undefined;
}

/**
 * The moves of each CPU, and what they led to when they were made before.
 *
 * Which moves a CPU has, and what a move does, depends on the CPU's own part of the state and on what is looked at besides
 * (`Surroundings`): a few words of memory, seldom what belongs to no CPU or what buffers hide, what others can still do.
 * All that is looked at is noted. Wherever the same part meets the same answers there are the same moves, and a move leads to the same part and
 * writes the same elsewhere. Neither the states nor their order depend on that.
 */
export class CpuMoves {
  readonly #makers: MoveMakers;
  readonly #answers: Answers | undefined;
  #trees = new DecisionTrees();
  /** By CPU and the number of its part: the root of the tree of its records. */
  readonly #roots: Int32Array<ArrayBuffer>[];
  #records = new Int32Array(1024 * RECORD);
  #recordCount = 0;
  /** Questions of all records. */
  #questions = new Int32Array(1024);
  #questionCount = 0;
  #present = NO_STATE;
  /** How often what is remembered was found under what has turned out to be false. */
  #breaks = 0;
  #moves = new Int32Array(1024 * MOVE);
  #count = 0;
  readonly #outcomes: Outcomes | undefined;
  /** Roots of the trees of what moves led to without looking at frames, and the places of their moves. */
  readonly #blindRoots: number[] = [UNKNOWN];
  readonly #blind = new Map<number, number>();

  constructor(makers: MoveMakers) {
    this.#makers = makers;
    const { machine, eagerness, store, restore, surroundings } = makers;
    const { cpuCount } = machine.layout;
    this.#roots = Array.from({ length: cpuCount }, () => new Int32Array(256));
    if (store !== undefined) {
      const futures = eagerness && new ForeignFutures(eagerness.futures, cpuCount, restore);
      this.#answers = new Answers(machine, store, new HiddenStores(machine, restore), futures);
      this.#outcomes = new Outcomes(machine, store);
      makers.enabled.foresee = (last) => this.#foresee(last);
    }
    surroundings.listener = this.#answers;
  }

  get bytes(): number {
    const roots = this.#roots.reduce((sum, each) => sum + each.byteLength, 0);
    const known = this.#trees.bytes + (this.#outcomes?.bytes ?? 0);
    return roots + known + this.#records.byteLength + this.#moves.byteLength + this.#questions.byteLength;
  }

  /** Makes this state the present one. Records of the state before are no longer valid. */
  begin(state: number): void {
    const { mostMoves, eagerness } = this.#makers;
    const breaks = breaksOf(eagerness);
    const isSpoilt = breaks !== this.#breaks || Math.max(this.#count, this.#trees.size) > mostMoves;
    if (this.#answers === undefined || isSpoilt) this.#forget();
    this.#breaks = breaks;
    this.#present = state;
    this.#answers?.begin(state);
  }

  #forget(): void {
    this.#recordCount = 0;
    this.#count = 0;
    this.#questionCount = 0;
    if (this.#answers === undefined) return;
    this.#trees = new DecisionTrees();
    for (const roots of this.#roots) roots.fill(UNKNOWN);
    this.#blindRoots.fill(UNKNOWN);
    this.#outcomes?.forget();
  }

  /** The record of what the CPU can do in the present state. */
  of(cpu: number): number {
    const answers = this.#answers;
    if (answers === undefined) return this.#collect(cpu);
    answers.cpu = cpu;
    const part = answers.key[1 + cpu] as number;
    const roots = this.#rootsWith(cpu, part);
    const found = this.#trees.find(roots[part] as number, answers);
    if (found !== UNKNOWN) return this.#makers.checkRemembered ? this.#checked(~found, cpu) : ~found;
    this.#makers.restore();
    answers.note();
    const record = this.#collect(cpu);
    if (answers.areOutdated) return record;
    roots[part] = this.#with(roots[part] as number, answers, record);
    return record;
  }

  /** The record that is remembered, which is found out all the same, unless what it was found under has just turned out to be false. */
  #checked(record: number, cpu: number): number {
    if (breaksOf(this.#makers.eagerness) !== this.#breaks) return record;
    const [records, moves, questions] = [this.#recordCount, this.#count, this.#questionCount];
    // What is asked while moves are foreseen has to be known of the state before them.
    this.#makers.restore();
    this.#answers?.note();
    const again = this.#collect(cpu);
    const isSame = this.#told(record) === this.#told(again);
    this.#recordCount = records;
    this.#count = moves;
    this.#questionCount = questions;
    if (isSame) return record;
    throw new ShootdownError('INTERNAL', `CPU ${cpu} has other moves in state ${this.#present} than those remembered.`);
  }

  #told(record: number): string {
    const moves: unknown[] = [
      this.endOfAlone(record) - this.first(record),
      this.#records[record * RECORD + Rec.traits],
    ];
    for (let index = this.first(record); index < this.end(record); index++)
      moves.push(this.move(index), this.isFair(index));
    return moves.join();
  }

  #rootsWith(cpu: number, part: number): Int32Array {
    let roots = this.#roots[cpu] as Int32Array<ArrayBuffer>;
    while (part >= roots.length) roots = this.#roots[cpu] = grown(roots);
    return roots;
  }

  /** The moves of a record are those from `first` to before `end`. */
  first(record: number): number {
    return this.#records[record * RECORD + Rec.firstMove] as number;
  }
  end(record: number): number {
    return this.#records[(record + 1) * RECORD + Rec.firstMove] as number;
  }
  /** The end of the first moves, which are followed alone: they commute with whatever other CPUs do. None: all are followed. */
  endOfAlone(record: number): number {
    return this.first(record) + (this.#records[record * RECORD + Rec.alone] as number);
  }
  move(index: number): number {
    return this.#moves[index * MOVE + Move.move] as number;
  }
  /** This move brings the machine nearer to its end, if anything does. */
  isFair(index: number): boolean {
    return this.#moves[index * MOVE + Move.isFair] !== 0;
  }
  /** The record has a fair move. */
  hasFair(record: number): boolean {
    return this.#has(record, Trait.isFair);
  }
  /** The CPU's next store has to wait for a drain. */
  hasFullBuffer(record: number): boolean {
    return this.#has(record, Trait.hasFullBuffer);
  }

  /** Every thread of the CPU that ought to end has ended. */
  isEnd(record: number): boolean {
    return this.#has(record, Trait.isEnd);
  }

  #has(record: number, trait: number): boolean {
    return ((this.#records[record * RECORD + Rec.traits] as number) & trait) !== 0;
  }

  /** The number of the state that a move leads to from the present one, where that is remembered; else -1. */
  stateAfter(index: number): number {
    const answers = this.#answers;
    if (answers === undefined) return NO_STATE;
    const cpu = cpuOf(this.move(index));
    answers.cpu = cpu;
    let found = this.#trees.find(this.#blindRoots[this.#blindOf(index)] as number, answers);
    if (found === UNKNOWN) found = this.#trees.find(this.#moves[index * MOVE + Move.outcomes] as number, answers);
    if (found === UNKNOWN) return NO_STATE;
    return ~found === NOTHING ? this.#present : (this.#outcomes as Outcomes).stateAfter(~found, cpu, answers.key);
  }

  #blindOf(index: number): number {
    return this.#moves[index * MOVE + Move.blind] as number;
  }

  /** The machine is in the present state, and a move of this record is about to be made. What the record was found under need not be asked again. */
  watch(record: number, index: number): void {
    if (this.#answers === undefined) return;
    this.#answers.cpu = cpuOf(this.move(index));
    this.#answers.note();
    if (this.#blindOf(index) !== 0) this.#answers.ownSides(isWalk(this.move(index)));
    else this.#answers.presume(this.#questions, this.#firstQuestion(record), this.#firstQuestion(record + 1));
  }

  #firstQuestion(record: number): number {
    return this.#records[record * RECORD + Rec.firstQuestion] as number;
  }

  /** The move has just been made without a violation and its state been added: what it led to. */
  remember(index: number): void {
    const answers = this.#answers;
    const { mover, machine } = this.#makers;
    if (answers === undefined || answers.areOutdated || !machine.writes.isComplete) return;
    const move = this.move(index);
    const blind = isWalk(move) || mover.hasIdled ? this.#blindOf(index) : 0;
    const outcome = mover.hasIdled ? NOTHING : this.#newOutcome(blind > 0 ? NONE : cpuOf(move));
    if (outcome === NONE) return;
    const at = index * MOVE + Move.outcomes;
    if (blind > 0) this.#blindRoots[blind] = this.#with(this.#blindRoots[blind] as number, answers, outcome);
    else this.#moves[at] = this.#with(this.#moves[at] as number, answers, outcome);
  }

  #newOutcome(cpu: number): number {
    return (this.#outcomes as Outcomes).add(cpu, this.#makers.mover.reach);
  }

  /**
   * What a move that is being collected leads to: its moves that are put off have been made, these are its last ones. What is asked while these are made belongs
   * to that alone, everything else to the record, too.
   */
  #foresee(last: Sequence): number {
    const answers = this.#answers as Answers;
    const { mover } = this.#makers;
    const asked = answers.count;
    let root = UNKNOWN;
    mover.behind(last, () => {
      root = this.#foreseen(answers, asked);
    });
    answers.retract(asked);
    return root;
  }

  #foreseen(answers: Answers, asked: number): number {
    const { machine, mover, store } = this.#makers;
    if (machine.violations.length > 0 || answers.areOutdated || !machine.writes.isComplete) return UNKNOWN;
    store?.place(machine.state, machine.writes, mover.reach);
    const outcome = this.#newOutcome(answers.cpu);
    return outcome === NONE
      ? UNKNOWN
      : this.#trees.add(UNKNOWN, answers.questions, asked, answers.count, answers, outcome);
  }

  /** The tree with what holds under the answers to all that has been asked. */
  #with(root: number, answers: Answers, leaf: number): number {
    return this.#trees.add(root, answers.questions, 0, answers.count, answers, leaf);
  }

  /** Adds the record of what the CPU can do now. */
  #collect(cpu: number): number {
    const { enabled, restore, mover } = this.#makers;
    restore();
    mover.clear();
    enabled.collectCpu(cpu);
    if ((this.#recordCount + 2) * RECORD > this.#records.length) this.#records = grown(this.#records);
    const eager = this.#makers.eagerness?.moves.of(cpu) ?? NONE;
    this.#records[this.#recordCount * RECORD + Rec.traits] = this.#traits(cpu);
    this.#records[this.#recordCount * RECORD + Rec.alone] = eager >= 0 ? 1 : this.#answersOf(cpu);
    if (eager >= 0) this.#append(eager, true, UNKNOWN);
    for (let index = 0; index < enabled.count; index++)
      if (enabled.moves[index] !== eager)
        this.#append(enabled.moves[index] as number, enabled.isFair(index), enabled.foreseen[index] as number);
    this.#keepQuestions();
    this.#records[(this.#recordCount + 1) * RECORD + Rec.firstMove] = this.#count;
    this.#records[(this.#recordCount + 1) * RECORD + Rec.firstQuestion] = this.#questionCount;
    return this.#recordCount++;
  }

  #keepQuestions(): void {
    if (this.#answers === undefined) return;
    const { questions, count } = this.#answers;
    while (this.#questionCount + count > this.#questions.length) this.#questions = grown(this.#questions);
    for (let at = 0; at < count; at++) this.#questions[this.#questionCount++] = questions[at] as number;
  }

  /** The answers of a pending `choose` that may be given ahead of whatever the others do. They come first among the moves. */
  #answersOf(cpu: number): number {
    const { machine, enabled, eagerness } = this.#makers;
    if (eagerness === undefined || !isPending(machine, cpu, Opcode.choose)) return 0;
    return eagerness.moves.mayHurry(cpu, machine.pending(cpu)) ? enabled.ops : 0;
  }

  #traits(cpu: number): number {
    const { machine, enabled } = this.#makers;
    return (
      (enabled.hasProgress ? Trait.isFair : 0) |
      (enabled.hasMetFullBuffer ? Trait.hasFullBuffer : 0) |
      (unfinished(machine, cpu) < 0 ? Trait.isEnd : 0)
    );
  }

  #append(move: number, isFair: boolean, outcomes: number): void {
    if ((this.#count + 1) * MOVE > this.#moves.length) this.#moves = grown(this.#moves);
    const at = this.#count++ * MOVE;
    this.#moves[at + Move.move] = move;
    this.#moves[at + Move.isFair] = isFair ? 1 : 0;
    this.#moves[at + Move.outcomes] = outcomes;
    this.#moves[at + Move.blind] = this.#canBeBlind(move) ? this.#blindPlace(move) : 0;
  }

  /** A walk looks at no frames of programs, nor does an NMI that comes to nothing, unless it wakes the CPU. */
  #canBeBlind(move: number): boolean {
    const { machine, mover } = this.#makers;
    if (isWalk(move)) return true;
    const first = isComposite(move) ? (mover.composites.sequence(move)[0] as number) : move;
    return actionOf(first) === Action.takeNmi && !isPending(machine, cpuOf(move), Opcode.halt);
  }

  #blindPlace(move: number): number {
    const known = this.#blind.get(move);
    if (known !== undefined) return known;
    const place = this.#blindRoots.push(UNKNOWN) - 1;
    this.#blind.set(move, place);
    return place;
  }
}

/** The first thread, of this CPU or of any, that ought to end and has not; -1: all have. */
export function unfinished(machine: Machine, cpu?: number): number {
  const { threads } = machine.boot;
  for (let thread = 0; thread < threads.length; thread++) {
    const isOfCpu = cpu === undefined || threads[thread]?.cpu === cpu;
    if (isOfCpu && threads[thread]?.daemon !== true && !machine.isFinished(thread)) return thread;
  }
  return -1;
}

function isPending(machine: Machine, cpu: number, opcode: number): boolean {
  const base = machine.pending(cpu);
  return base >= 0 && machine.runner.operands[base] === opcode;
}

function isWalk(move: number): boolean {
  return actionOf(move) === Action.walkWhole;
}
