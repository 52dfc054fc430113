import { type Machine, ShootdownError } from '@shootdown/core';
import { MAX_FLUSHES } from './bits.js';

/** How far a flush is. `deferred`: it has returned, its guarantee holds from its release. */
const Stage = { free: 0, covering: 1, called: 2, deferred: 3 } as const;

const Field = { stage: 0, context: 1, cpu: 2, kind: 3, generationRoot: 4, generation: 5, covers: 6, cover: 7 } as const;
const Cover = { root: 0, first: 1, count: 2 } as const;
const COVER_STRIDE = 3;

/** The flushes in flight, one record of integers each in the state vector. A record's number is its bit in marks and debts. */
export class FlushRecords {
  readonly count: number;
  readonly words: number;
  readonly #covers: number;
  readonly #stride: number;

  constructor(count: number, coversPerFlush: number) {
    if (!Number.isInteger(count) || count < 1 || count > MAX_FLUSHES) {
      throw new ShootdownError(
        'INVALID_OPTIONS',
        `The safety monitors were given ${count} flush slots; 1 … ${MAX_FLUSHES} are possible.`,
      );
    }
    this.count = count;
    this.#covers = coversPerFlush;
    this.#stride = Field.cover + coversPerFlush * COVER_STRIDE;
    this.words = count * this.#stride;
  }

  stage(machine: Machine, flush: number): number {
    return this.#get(machine, flush, Field.stage);
  }
  isCalled(machine: Machine, flush: number): boolean {
    return this.stage(machine, flush) === Stage.called;
  }
  /** It covers pages and its guarantee is not due before its call. */
  isOpen(machine: Machine, flush: number): boolean {
    const stage = this.stage(machine, flush);
    return stage === Stage.covering || stage === Stage.called;
  }
  /** The CPU that began it. */
  cpu(machine: Machine, flush: number): number {
    return this.#get(machine, flush, Field.cpu);
  }
  kind(machine: Machine, flush: number): number {
    return this.#get(machine, flush, Field.kind);
  }
  covers(machine: Machine, flush: number): number {
    return this.#get(machine, flush, Field.covers);
  }
  coverRoot(machine: Machine, flush: number, cover: number): number {
    return this.#get(machine, flush, Field.cover + cover * COVER_STRIDE + Cover.root);
  }
  coverFirst(machine: Machine, flush: number, cover: number): number {
    return this.#get(machine, flush, Field.cover + cover * COVER_STRIDE + Cover.first);
  }
  /** The page after the last one covered. */
  coverEnd(machine: Machine, flush: number, cover: number): number {
    return (
      this.coverFirst(machine, flush, cover) +
      this.#get(machine, flush, Field.cover + cover * COVER_STRIDE + Cover.count)
    );
  }

  /** The flush that this context is marking or has called; -1 when there is none. */
  current(machine: Machine, context: number): number {
    for (let flush = 0; flush < this.count; flush++) {
      if (this.isOpen(machine, flush) && this.#get(machine, flush, Field.context) === context + 1) return flush;
    }
    return -1;
  }

  /** The deferred flushes of this context wait for the release of the batch. */
  hold(machine: Machine, context: number, batch: number): void {
    for (let flush = 0; flush < this.count; flush++) {
      if (this.stage(machine, flush) === Stage.deferred && this.#get(machine, flush, Field.context) === context + 1)
        this.#set(machine, flush, Field.context, heldFor(batch));
    }
  }

  /** A deferred flush that waits for the release of the batch; -1 when there is none. */
  held(machine: Machine, batch: number): number {
    for (let flush = 0; flush < this.count; flush++) {
      if (this.stage(machine, flush) === Stage.deferred && this.#get(machine, flush, Field.context) === heldFor(batch))
        return flush;
    }
    return -1;
  }

  /** Takes the lowest free record for a flush that this context begins on this CPU. Throws MONITOR_SLOTS when none is free. */
  open(machine: Machine, cpu: number, context: number): number {
    for (let flush = 0; flush < this.count; flush++) {
      if (this.stage(machine, flush) !== Stage.free) continue;
      this.#set(machine, flush, Field.stage, Stage.covering);
      this.#set(machine, flush, Field.context, context + 1);
      this.#set(machine, flush, Field.cpu, cpu);
      return flush;
    }
    const message = `CPU ${cpu} begins a flush while ${this.count} are in flight, which is all that the safety monitors were given slots for. Give them more (at most ${MAX_FLUSHES}) or let fewer threads initiate.`;
    throw new ShootdownError('MONITOR_SLOTS', message, { details: { cpu, slots: this.count } });
  }

  /**
   * Adds a range; one that continues the range before it extends that one. Its change may be younger than the generation
   * known so far, which is forgotten. Throws MONITOR_SLOTS when there is no room.
   */
  addCover(machine: Machine, flush: number, root: number, first: number, count: number): void {
    this.setGeneration(machine, flush, -1, 0);
    const covers = this.covers(machine, flush);
    const last = covers - 1;
    if (covers > 0 && this.coverRoot(machine, flush, last) === root && this.coverEnd(machine, flush, last) === first) {
      const extended = first + count - this.coverFirst(machine, flush, last);
      this.#set(machine, flush, Field.cover + last * COVER_STRIDE + Cover.count, extended);
      return;
    }
    if (covers >= this.#covers) {
      const message = `A flush by CPU ${this.cpu(machine, flush)} covers more than ${this.#covers} ranges. Give the safety monitors more ranges per flush (coversPerFlush).`;
      throw new ShootdownError('MONITOR_SLOTS', message, { details: { ranges: this.#covers } });
    }
    const at = Field.cover + covers * COVER_STRIDE;
    this.#set(machine, flush, at + Cover.root, root);
    this.#set(machine, flush, at + Cover.first, first);
    this.#set(machine, flush, at + Cover.count, count);
    this.#set(machine, flush, Field.covers, covers + 1);
  }

  call(machine: Machine, flush: number, kind: number): void {
    this.#set(machine, flush, Field.stage, Stage.called);
    this.#set(machine, flush, Field.kind, kind);
  }

  defer(machine: Machine, flush: number): void {
    this.#set(machine, flush, Field.stage, Stage.deferred);
  }

  /** The flush brings the mm with this root to this generation. */
  setGeneration(machine: Machine, flush: number, root: number, generation: number): void {
    this.#set(machine, flush, Field.generationRoot, root + 1);
    this.#set(machine, flush, Field.generation, generation);
  }

  /** Bits of the flushes in flight of the mm with this root whose generation is known and at most `generation`. */
  upToGeneration(machine: Machine, root: number, generation: number): number {
    let bits = 0;
    for (let flush = 0; flush < this.count; flush++) {
      if (this.#get(machine, flush, Field.generationRoot) !== root + 1) continue;
      if (this.#get(machine, flush, Field.generation) <= generation) bits |= 1 << flush;
    }
    return bits;
  }

  /** The words that say which generation the flush brings which mm to: the first of two. */
  generationWords(machine: Machine, flush: number): number {
    return this.#word(machine, flush) + Field.generationRoot;
  }

  /** Forgets the flush; the record is all zero again, so that equal futures are equal states. */
  free(machine: Machine, flush: number): void {
    const start = this.#word(machine, flush);
    machine.state.fill(0, start, start + this.#stride);
  }

  #word(machine: Machine, flush: number): number {
    return machine.layout.monitor + flush * this.#stride;
  }
  #get(machine: Machine, flush: number, field: number): number {
    return machine.state[this.#word(machine, flush) + field] as number;
  }
  #set(machine: Machine, flush: number, field: number, value: number): void {
    machine.state[this.#word(machine, flush) + field] = value;
  }
}

/** What a record has in place of its context when it waits for a batch. */
function heldFor(batch: number): number {
  return -1 - batch;
}
