import type { Hooks } from '@shootdown/plugin';
import { HOOK_NAMES } from '@shootdown/host';

/** Where a strategy's code runs. */
export type Place = 'import' | 'create' | keyof Hooks;

const PLACES: readonly Place[] = ['import', 'create', ...HOOK_NAMES];

const WORD = { beats: 0, place: 1, rests: 2, ready: 3 } as const;

/**
 * Signs of life of a worker, in memory that both threads see: a thread that hangs sends no message. The worker beats whenever a strategy's code begins
 * or the laboratory goes on, and rests while only the laboratory works.
 */
export class Pulse {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(4 * Object.keys(WORD).length)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Whether the thread has begun to take jobs; no beats are to be expected before. */
  get isReady(): boolean {
    return Atomics.load(this.#words, WORD.ready) === 1;
  }

  /** A thread is made anew (false), or waits for its first job (true). */
  set isReady(value: boolean) {
    Atomics.store(this.#words, WORD.rests, 0);
    Atomics.store(this.#words, WORD.ready, value ? 1 : 0);
  }

  /** Code of the strategy begins. */
  enter(place: Place): void {
    Atomics.store(this.#words, WORD.place, PLACES.indexOf(place));
    this.beat();
  }

  /** The laboratory has gone on. */
  beat(): void {
    Atomics.add(this.#words, WORD.beats, 1);
  }

  /** Runs work of the laboratory that may take long without a beat. */
  resting<Result>(work: () => Result): Result {
    Atomics.add(this.#words, WORD.rests, 1);
    try {
      return work();
    } finally {
      Atomics.sub(this.#words, WORD.rests, 1);
    }
  }

  /** Beats so far, which stand still while the strategy hangs, and whether none are to be expected. */
  read(): { readonly beats: number; readonly isResting: boolean } {
    const isResting = !this.isReady || Atomics.load(this.#words, WORD.rests) > 0;
    return { beats: Atomics.load(this.#words, WORD.beats), isResting };
  }

  /** Where the strategy's code began last. */
  get place(): Place {
    return PLACES[Atomics.load(this.#words, WORD.place)] ?? 'import';
  }
}
