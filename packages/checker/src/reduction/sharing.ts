import { type Machine, ThreadField } from '@shootdown/core';
import { contextsOf } from '../automaton/contexts-of.js';
import { Never } from './never.js';

/** Contexts that a bit set can tell apart. The bit that is left says that a record has been taken from its owner. */
const MOST_CONTEXTS = 31;
const TAKEN = 1 << MOST_CONTEXTS;

/**
 * Which contexts pass on which hand-off record (threads, interrupts and NMIs, each a bit), and what else programs do, wherever they are. It is
 * learned while a machine is explored, not declared. A reduction that relies on something says so; when that turns out to be false, what was
 * explored so far may lack interleavings and `breaks` asks for a new start with what has been learned. An exploration that ends without is
 * one in which nothing relied upon was false. What programs can still do from where they are is told by `Futures`.
 */
export class Sharing {
  /** A program reads what a frame holds. */
  readonly #readFrame = new Never();
  /** A handler finds no room for its next store. */
  readonly #lackOfRoom = new Never();
  /** A store has changed an entry of a page table that was present. */
  readonly #changedEntry = new Never();
  /** The program behind NMIs changes IF, which its return leaves so. */
  readonly #changedFlag = new Never();
  /** The program behind NMIs does more than look. */
  readonly #changingNmi = new Never();
  /** A violation has been found. */
  readonly #violation = new Never();
  readonly #nevers: readonly Never[] = [
    this.#readFrame,
    this.#lackOfRoom,
    this.#changedEntry,
    this.#changedFlag,
    this.#changingNmi,
    this.#violation,
  ];
  /** Bits of the contexts that pass each hand-off record on, and `TAKEN`. */
  readonly #passedOn: Int32Array;
  readonly #reliedRecords: Uint8Array;
  /** Ops, by their place among the runner's operands, after which a program comes to HLT. */
  readonly #beforeHalt = new Set<number>();
  /** Threads above which handlers put programs, and the modes they were in. */
  readonly #preempted = new Set<number>();
  /** Bits of the contexts that run on each CPU. */
  readonly #onCpu: Int32Array;
  /** How often something that was relied upon has turned out to be false. */
  breaks = 0;

  constructor(machine: Machine) {
    const { layout, boot } = machine;
    this.#passedOn = new Int32Array(boot.memory.groupOwners.length);
    this.#reliedRecords = new Uint8Array(boot.memory.groupOwners.length);
    this.#onCpu = Int32Array.from({ length: layout.cpuCount }, (_, cpu) =>
      contextsOf(machine, cpu).reduce((bits, context) => bits | (1 << context), 0),
    );
  }

  /** A machine with more contexts than bits is explored without relying on any word. */
  static canServe({ layout }: Machine): boolean {
    return layout.contexts <= MOST_CONTEXTS;
  }

  /** A program reads what a frame holds. */
  readFrame(): void {
    if (this.#readFrame.happens()) this.breaks++;
  }

  /** No program reads what any frame holds, which is relied upon from here on. */
  relyOnUnreadFrames(): boolean {
    return this.#readFrame.rely();
  }

  /** The next store of a handler has to wait for a drain. */
  noteLackOfRoom(): void {
    if (this.#lackOfRoom.happens()) this.breaks++;
  }

  /** No handler ever lacks room for its next store, which is relied upon from here on. */
  relyOnRoom(): boolean {
    return this.#lackOfRoom.rely();
  }

  /** A store changes an entry of a page table that was present. */
  noteChangedEntry(): void {
    if (this.#changedEntry.happens()) this.breaks++;
  }

  /** Stores put entries into page tables only where there was none, which is relied upon from here on. */
  relyOnGrowingTables(): boolean {
    return this.#changedEntry.rely();
  }

  /** An NMI comes back with another IF. */
  noteChangedFlag(): void {
    if (this.#changedFlag.happens()) this.breaks++;
  }

  /** No NMI changes IF, which is relied upon from here on. */
  relyOnFlag(): boolean {
    return this.#changedFlag.rely();
  }

  /** An NMI is about to do more than to look. */
  noteChangingNmi(): void {
    if (this.#changingNmi.happens()) this.breaks++;
  }

  /** NMIs only look, which is relied upon from here on. */
  relyOnLookingNmis(): boolean {
    return this.#changingNmi.rely();
  }

  /** A monitor has reported something, in the search or on a walk: the machine is violated, and there is more to be told of it than that. */
  noteViolation(): void {
    if (this.#violation.happens()) this.breaks++;
  }

  /** That nothing is violated was relied upon, and is false. */
  get isViolated(): boolean {
    return this.#violation.isBroken;
  }

  /** Nothing is ever violated, which is relied upon from here on. */
  relyOnCleanness(): boolean {
    return this.#violation.rely();
  }

  /** The context passes this hand-off record on. */
  passOn(context: number, group: number): void {
    this.#notePassing(group, 1 << context);
  }

  /** The record has been given to somebody by a CPU that did not own it. */
  take(group: number): void {
    this.#notePassing(group, TAKEN);
  }

  #notePassing(group: number, bit: number): void {
    const known = this.#passedOn[group] as number;
    if ((known & bit) !== 0) return;
    this.#passedOn[group] = known | bit;
    if (this.#reliedRecords[group] !== 0) this.breaks++;
  }

  /** No other CPU takes the record from its owner. */
  isNeverTaken(group: number): boolean {
    return ((this.#passedOn[group] as number) & TAKEN) === 0;
  }

  /** While the CPU owns the record, only this context of it can end that. */
  isKept(context: number, cpu: number, group: number): boolean {
    const others = (this.#onCpu[cpu] as number) & ~(1 << context);
    return ((this.#passedOn[group] as number) & (TAKEN | others)) === 0;
  }

  relyOnRecord(group: number): void {
    this.#reliedRecords[group] = 1;
  }

  /** An interrupt taken before this op ends no HLT, one taken after it does; it was made as if that made no difference. */
  noteBeforeHalt(op: number): void {
    if (this.#beforeHalt.has(op)) return;
    this.#beforeHalt.add(op);
    this.breaks++;
  }

  isBeforeHalt(op: number): boolean {
    return this.#beforeHalt.has(op);
  }

  /** A handler is about to put a program above the thread of this CPU, some of whose ops were made as if none would come before. */
  notePreemption(machine: Machine, cpu: number): void {
    if (this.isPreempted(machine, cpu)) return;
    this.#preempted.add(threadAndMode(machine, cpu));
    this.breaks++;
  }

  /** Programs are put above the thread of this CPU while it is in the mode that it is in now. */
  isPreempted(machine: Machine, cpu: number): boolean {
    return this.#preempted.has(threadAndMode(machine, cpu));
  }

  /** The same, whatever mode it is in. */
  isPreemptedAtAll(machine: Machine, cpu: number): boolean {
    const thread = machine.threadOn(cpu);
    return this.#preempted.has(thread * 2) || this.#preempted.has(thread * 2 + 1);
  }

  /** Begins anew with what has been learned. */
  restart(): void {
    for (const each of this.#nevers) each.restart();
    this.#reliedRecords.fill(0);
    this.breaks = 0;
  }
}

/** The thread on this CPU, and whether it is in user mode. */
function threadAndMode(machine: Machine, cpu: number): number {
  const thread = machine.threadOn(cpu);
  return thread * 2 + (machine.state[machine.layout.thread(thread) + ThreadField.user] as number);
}
