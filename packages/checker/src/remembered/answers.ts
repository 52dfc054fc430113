import type { Machine } from '@shootdown/core';
import { type Looks, Side, type SideName, Whole, type WholeName } from '../reduction/looks.js';
import type { CollapsedStore } from '../search/collapsed-store.js';
import type { Answering } from './decision-trees.js';
import type { ForeignFutures } from './foreign-futures.js';
import type { HiddenStores } from './hidden-stores.js';
import type { SomeWords } from './some-words.js';
import { sidesOf, wholesOf } from './wholes.js';

/** Questions: first those about wholes, then about sides of CPUs, then about words, arrivals of interrupts, what other CPUs can still do. */
const FIRST_SIDE = Object.values(Whole).length;
const SIDES = Object.values(Side).length;

/** What is asked of the surroundings of a CPU, each as a number, and the answers in the present state. */
export class Answers implements Looks, Answering {
  /** The numbers of memory, of the part of each CPU, of the globals. */
  readonly key: Int32Array;
  /** The CPU that asks. */
  cpu = 0;
  /** What has been asked since `note`, in the order in which it was asked first. */
  readonly questions: Int32Array;
  count = 0;
  readonly #store: CollapsedStore;
  readonly #base: Int32Array;
  readonly #hidden: HiddenStores;
  readonly #futures: ForeignFutures | undefined;
  /** By question: the words that it is about, where it is about several. */
  readonly #words: readonly (SomeWords | undefined)[];
  /** What is asked for the whole part of the asking CPU. */
  readonly #ownPart: number;
  readonly #firstWord: number;
  readonly #firstArrival: number;
  readonly #firstFuture: number;
  /** The turn in which a question was asked last. */
  readonly #asked: Float64Array;
  #turn = 0;
  /** Not all of the asking CPU's own part is known to be the same. */
  #isBlind = false;

  constructor(machine: Machine, store: CollapsedStore, hidden: HiddenStores, futures: ForeignFutures | undefined) {
    const { layout } = machine;
    this.key = new Int32Array(layout.cpuCount + 2);
    this.#store = store;
    this.#base = store.base;
    this.#hidden = hidden;
    this.#futures = futures;
    const cpus = Array.from({ length: layout.cpuCount }, (_, cpu) => cpu);
    this.#words = [...wholesOf(machine, store), ...cpus.flatMap((cpu) => sidesOf(machine, store, cpu))];
    this.#ownPart = this.#words.length;
    this.#firstWord = this.#ownPart + 1;
    this.#firstArrival = this.#firstWord + layout.runner;
    this.#firstFuture = this.#firstArrival + layout.cpuCount;
    this.#asked = new Float64Array(this.#firstFuture + (futures?.bits ?? 0));
    this.questions = new Int32Array(this.#asked.length);
  }

  /** Questions are asked in this state from now on. */
  begin(state: number): void {
    const { key } = this;
    this.#store.read(state, key);
    this.#store.restoreGroup(0, key);
    this.#store.restoreGroup(key.length - 1, key);
    this.#futures?.begin(key);
  }

  /**
   * What is asked from now on is noted. It may be in the midst of a move: questions are about the state before, in which the machine is now, so
   * what is found out of the machine's state is found out now.
   */
  note(): void {
    this.#turn++;
    this.count = 0;
    this.#isBlind = false;
    this.#futures?.findAll();
    this.#hidden.of(this.cpu, this.key);
  }

  /** Nothing has been asked since there were so many questions. */
  retract(count: number): void {
    while (this.count > count) this.#asked[this.questions[--this.count] as number] = 0;
  }

  /** These questions need not be asked, for their answers are known to be the same. */
  presume(questions: Int32Array, first: number, end: number): void {
    for (let at = first; at < end; at++) this.#asked[questions[at] as number] = this.#turn;
  }

  /** Something that has been asked might have another answer by now, for more is known of programs. */
  get areOutdated(): boolean {
    return this.#futures?.isOutdated === true;
  }

  /** Of the asking CPU's own part all but the frames of programs is looked at, or, by a walk, what is asked for; frames where they are looked at. */
  ownSides(isWalk: boolean): void {
    this.#isBlind = true;
    if (!isWalk) for (const which of Object.values(Side)) this.side(this.cpu, which);
  }

  word(index: number): void {
    this.#ask(this.#firstWord + index);
  }
  side(cpu: number, which: SideName): void {
    if (cpu !== this.cpu || this.#isBlind) this.#ask(FIRST_SIDE + SIDES * cpu + which);
  }
  ownFrames(): void {
    if (this.#isBlind) this.#ask(this.#ownPart);
  }
  whole(which: WholeName): void {
    this.#ask(which);
  }
  arriving(cpu: number): void {
    if (this.#futures !== undefined) this.#ask(this.#firstArrival + cpu);
  }
  future(bit: number): void {
    if (this.#futures !== undefined) this.#ask(this.#firstFuture + bit);
  }

  #ask(question: number): void {
    if (this.#asked[question] === this.#turn) return;
    this.#asked[question] = this.#turn;
    this.questions[this.count++] = question;
  }

  of(question: number): number {
    if (question < this.#ownPart) return this.#words[question]?.of(this.key) ?? this.#ofWhole(question);
    if (question === this.#ownPart) return this.key[1 + this.cpu] as number;
    if (question < this.#firstArrival) return this.#base[question - this.#firstWord] as number;
    return this.#ofOthers(this.#futures as ForeignFutures, question) ? 1 : 0;
  }

  #ofWhole(which: number): number {
    const { key } = this;
    if (which === Whole.memory) return key[0] as number;
    return which === Whole.globals ? (key[key.length - 1] as number) : this.#hidden.of(this.cpu, key);
  }

  #ofOthers(futures: ForeignFutures, question: number): boolean {
    if (question < this.#firstFuture) return futures.isInterruptArriving(question - this.#firstArrival);
    return futures.othersCan(this.cpu, question - this.#firstFuture);
  }
}
