import { type Machine, Opcode } from '@shootdown/core';
import type { CollapsedStore } from './collapsed-store.js';
import type { EnabledMoves } from './enabled-moves.js';
import { ForeignBuffers } from './foreign-buffers.js';
import { ForeignFutures } from './foreign-futures.js';
import type { Eagerness, Mover } from './mover.js';
import { cpuOf } from './move.js';
import { grown, VectorTable } from './vector-table.js';

/** What is known of a CPU's moves besides themselves. */
const Trait = { isFair: 1, hasFullBuffer: 2, isEnd: 4 } as const;
/** Columns of a record; `alone`: its first moves that are followed alone. */
const Rec = { firstMove: 0, traits: 1, alone: 2 } as const;
const RECORD = 3;
/** Columns of a move; what it led to as the numbers of memory, of the CPU's part and of the globals. */
const Move = { move: 0, isFair: 1, memory: 2, part: 3, globals: 4 } as const;
const MOVE = 5;
const UNKNOWN = -1;
const NONE = -1;
/** Columns of a view: the CPU, the numbers of memory, of the globals, of its part, and of the buffers and the futures of others. */
const VIEW = 6;

/** What finds the moves of a state and makes them. */
export interface MoveMakers {
  readonly machine: Machine;
  /** Numbers the parts of states. Without it nothing is remembered. */
  readonly store: CollapsedStore | undefined;
  /** Moves, or views, after which all are forgotten, and found out anew where they are met again. */
  readonly mostMoves: number;
  readonly enabled: EnabledMoves;
  readonly mover: Mover;
  /** Brings the machine to the present state, unless it is there. */
  readonly restore: () => void;
  /** What need not wait for others, if anything. */
  readonly eagerness: Eagerness | undefined;
}

/**
 * The moves of each CPU, and what they led to when they were made before.
 *
 * Which moves a CPU has and what they do depends on memory, on what belongs to no CPU, on its own part of the state, on the store buffers that
 * the monitor looks into and on what other CPUs can still do: its *view*, which many states share. A move that changes nothing outside its view leads from
 * every state with that view to the same numbers of the view's parts. They are remembered, and the move is not made again. Neither the
 * states nor their order depend on that.
 */
export class CpuMoves {
  readonly #makers: MoveMakers;
  readonly #buffers: ForeignBuffers;
  readonly #futures: ForeignFutures | undefined;
  #views = new VectorTable(0, VIEW);
  readonly #view = new Int32Array(VIEW);
  #records = new Int32Array(1024 * RECORD);
  #recordCount = 0;
  #moves = new Int32Array(1024 * MOVE);
  #count = 0;
  /** The numbers of the parts of the present state, and of the one that a remembered move leads to. */
  readonly #key: Int32Array;
  readonly #next: Int32Array;

  constructor(makers: MoveMakers) {
    this.#makers = makers;
    const { machine, eagerness, restore } = makers;
    this.#buffers = new ForeignBuffers(machine, restore);
    if (eagerness !== undefined && makers.store !== undefined)
      this.#futures = new ForeignFutures(eagerness.futures, machine.layout.cpuCount, restore);
    this.#key = new Int32Array(makers.machine.layout.cpuCount + 2);
    this.#next = new Int32Array(this.#key.length);
  }

  get bytes(): number {
    return this.#views.bytes + this.#records.byteLength + this.#moves.byteLength;
  }

  /** Makes this state the present one. Records of the state before are no longer valid. */
  begin(state: number): void {
    const { store, mostMoves } = this.#makers;
    if (store === undefined || Math.max(this.#count, this.#recordCount) > mostMoves) this.#forget();
    store?.read(state, this.#key);
  }

  #forget(): void {
    this.#recordCount = 0;
    this.#count = 0;
    this.#views = new VectorTable(0, VIEW);
  }

  /** The record of what the CPU can do in the present state. */
  of(cpu: number): number {
    const record = this.#recordOf(cpu);
    if (record < this.#recordCount) return record;
    this.#collect(cpu);
    return record;
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

  /** Every thread that ought to end has ended. */
  isEnd(record: number): boolean {
    return this.#has(record, Trait.isEnd);
  }

  #has(record: number, trait: number): boolean {
    return ((this.#records[record * RECORD + Rec.traits] as number) & trait) !== 0;
  }

  isRemembered(index: number): boolean {
    return this.#moves[index * MOVE + Move.memory] !== UNKNOWN;
  }

  /** The number of the state that a remembered move leads to from the present one. */
  stateAfter(index: number): number {
    const next = this.#next;
    for (let i = 0; i < next.length; i++) next[i] = this.#key[i] as number;
    const at = index * MOVE;
    next[0] = this.#moves[at + Move.memory] as number;
    next[1 + cpuOf(this.move(index))] = this.#moves[at + Move.part] as number;
    next[next.length - 1] = this.#moves[at + Move.globals] as number;
    return (this.#makers.store as CollapsedStore).intern(next);
  }

  /** The move has just been made without a violation and its state been added: what it led to, if it stayed within the view. */
  remember(index: number): void {
    const { store, mover } = this.#makers;
    const cpu = cpuOf(this.move(index));
    if (store === undefined || mover.reach !== 1 << cpu || this.#touchesOthers(cpu)) return;
    const at = index * MOVE;
    this.#moves[at + Move.memory] = store.key[0] as number;
    this.#moves[at + Move.part] = store.key[1 + cpu] as number;
    this.#moves[at + Move.globals] = store.key[store.key.length - 1] as number;
  }

  /** It wrote a word by which the monitor judges another CPU. */
  #touchesOthers(cpu: number): boolean {
    const { writes, guard } = this.#makers.machine;
    if (!writes.isComplete) return true;
    for (let i = 0; i < writes.count; i++) {
      const word = writes.words[i] as number;
      if (guard.isWatched(word) && guard.home(word) !== cpu) return true;
    }
    return false;
  }

  #recordOf(cpu: number): number {
    if (this.#makers.store === undefined) return this.#recordCount;
    const key = this.#key;
    this.#view[0] = cpu;
    this.#view[1] = key[0] as number;
    this.#view[2] = key[key.length - 1] as number;
    this.#view[3] = key[1 + cpu] as number;
    this.#view[4] = this.#buffers.of(cpu, key);
    this.#view[5] = this.#futures?.of(cpu, key) ?? 0;
    return this.#views.intern(this.#view);
  }

  #collect(cpu: number): void {
    const { enabled, restore } = this.#makers;
    restore();
    enabled.collectCpu(cpu);
    if ((this.#recordCount + 2) * RECORD > this.#records.length) this.#records = grown(this.#records);
    const eager = this.#makers.eagerness?.moves.of(cpu) ?? NONE;
    this.#records[this.#recordCount * RECORD + Rec.traits] = this.#traits();
    this.#records[this.#recordCount * RECORD + Rec.alone] = eager >= 0 ? 1 : this.#answers(cpu);
    if (eager >= 0) this.#append(eager, true);
    for (let index = 0; index < enabled.count; index++)
      if (enabled.moves[index] !== eager) this.#append(enabled.moves[index] as number, enabled.isFair(index));
    this.#records[++this.#recordCount * RECORD + Rec.firstMove] = this.#count;
  }

  /** The answers of a pending `choose` that may be given ahead of whatever the others do. They come first among the moves. */
  #answers(cpu: number): number {
    const { machine, enabled, eagerness } = this.#makers;
    if (eagerness === undefined || !isChoosing(machine, cpu)) return 0;
    return eagerness.moves.mayHurry(cpu, machine.pending(cpu)) ? enabled.ops : 0;
  }

  #traits(): number {
    const { machine, enabled } = this.#makers;
    return (
      (enabled.hasProgress ? Trait.isFair : 0) |
      (enabled.hasMetFullBuffer ? Trait.hasFullBuffer : 0) |
      (unfinished(machine) < 0 ? Trait.isEnd : 0)
    );
  }

  #append(move: number, isFair: boolean): void {
    if ((this.#count + 1) * MOVE > this.#moves.length) this.#moves = grown(this.#moves);
    const at = this.#count++ * MOVE;
    this.#moves[at + Move.move] = move;
    this.#moves[at + Move.isFair] = isFair ? 1 : 0;
    this.#moves[at + Move.memory] = UNKNOWN;
  }
}

/** The first thread that ought to end and has not; -1: all have. */
export function unfinished(machine: Machine): number {
  const { threads } = machine.boot;
  for (let thread = 0; thread < threads.length; thread++)
    if (threads[thread]?.daemon !== true && !machine.isFinished(thread)) return thread;
  return -1;
}

function isChoosing(machine: Machine, cpu: number): boolean {
  const base = machine.pending(cpu);
  return base >= 0 && machine.runner.operands[base] === Opcode.choose;
}
