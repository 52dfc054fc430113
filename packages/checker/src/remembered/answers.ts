import type { Machine } from '@shootdown/core';
import { type Looks, Side, type SideName, Whole, type WholeName } from '../reduction/looks.js';
import type { CollapsedStore } from '../search/collapsed-store.js';
import type { ForeignBuffers } from './foreign-buffers.js';
import type { ForeignFutures } from './foreign-futures.js';
import type { Answering } from './decision-trees.js';
import { Wholes } from './wholes.js';

/** Questions: first those about wholes, then about sides of CPUs, then about words, arrivals of interrupts, what other CPUs can still do. */
const FIRST_SIDE = 16;
const SIDES = 4;

/** What is asked of the surroundings of a CPU, each as a number, and the answers in the present state. */
export class Answers implements Looks, Answering {
  /** The numbers of memory, of the part of each CPU, of the globals. */
  readonly key: Int32Array;
  /** The CPU that asks. */
  cpu = 0;
  /** What has been asked since `note`, in the order in which it was asked first. */
  questions: Int32Array;
  count = 0;
  readonly #store: CollapsedStore;
  readonly #base: Int32Array;
  readonly #buffers: ForeignBuffers;
  readonly #futures: ForeignFutures | undefined;
  readonly #wholes: Wholes;
  readonly #firstWord: number;
  readonly #firstArrival: number;
  readonly #firstFuture: number;
  /** The turn in which a question was asked last. */
  readonly #asked: Float64Array;
  #turn = 0;

  constructor(machine: Machine, store: CollapsedStore, buffers: ForeignBuffers, futures: ForeignFutures | undefined) {
    const { layout } = machine;
    this.key = new Int32Array(layout.cpuCount + 2);
    this.#store = store;
    this.#base = store.base;
    this.#buffers = buffers;
    this.#futures = futures;
    this.#wholes = new Wholes(machine, store.base);
    this.#firstWord = FIRST_SIDE + SIDES * layout.cpuCount;
    this.#firstArrival = this.#firstWord + layout.runner;
    this.#firstFuture = this.#firstArrival + layout.cpuCount;
    this.#asked = new Float64Array(this.#firstFuture + (futures?.bits ?? 0));
    this.questions = new Int32Array(this.#asked.length);
  }

  /** Questions are asked in this state from now on. */
  begin(state: number): void {
    this.#store.read(state, this.key);
    this.#store.restoreShared(this.key);
    this.#futures?.begin(this.key);
  }

  /** What is asked from now on is noted. It may be in the midst of a move: questions are about the state before. */
  note(): void {
    this.#turn++;
    this.count = 0;
    this.#futures?.findAll();
  }

  /** Something that has been asked might have another answer by now, for more is known of programs. */
  get areOutdated(): boolean {
    return this.#futures?.isOutdated === true;
  }

  word(index: number): void {
    this.#ask(this.#firstWord + index);
  }
  /** All of the asking CPU's own part but the frames of programs, or what its walks look at. */
  ownSides(isWalk: boolean): void {
    this.side(this.cpu, Side.translations);
    this.side(this.cpu, Side.stores);
    if (!isWalk) this.side(this.cpu, Side.apic);
    this.side(this.cpu, Side.ended);
  }
  side(cpu: number, which: SideName): void {
    this.#ask(FIRST_SIDE + SIDES * cpu + which);
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
    if (question >= this.#firstFuture)
      return (this.#futures as ForeignFutures).othersCan(this.cpu, question - this.#firstFuture) ? 1 : 0;
    if (question >= this.#firstArrival) return this.#ofArrival(question - this.#firstArrival);
    if (question >= this.#firstWord) return this.#base[question - this.#firstWord] as number;
    if (question >= FIRST_SIDE) return this.#ofSide(question - FIRST_SIDE);
    return this.#ofWhole(question as WholeName);
  }

  #ofArrival(cpu: number): number {
    return (this.#futures as ForeignFutures).isInterruptArriving(cpu) ? 1 : 0;
  }

  #ofSide(question: number): number {
    const cpu = Math.floor(question / SIDES);
    const part = this.key[1 + cpu] as number;
    const which = (question % SIDES) as SideName;
    return this.#wholes.ofSide(cpu, which, part, () => this.#store.restorePart(cpu, this.key));
  }

  #ofWhole(which: WholeName): number {
    const { key } = this;
    const globals = key[key.length - 1] as number;
    switch (which) {
      case Whole.memory:
        return key[0] as number;
      case Whole.globals:
        return globals;
      case Whole.buffers:
        return this.#buffers.of(this.cpu, key);
      case Whole.freed:
      case Whole.ticks:
      case Whole.judged:
        return this.#wholes.of(which, globals);
      default:
        return this.#wholes.of(which, key[0] as number);
    }
  }
}
