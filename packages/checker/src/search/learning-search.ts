import type { Exploration } from '../exploration.js';
import type { SharingWalks } from '../reduction/sharing-walks.js';
import type { Search } from './search.js';
import type { SearchProgress } from './search-progress.js';

/** States expanded before the machine walks at random once more, and how much farther the search comes before the next time. */
const FIRST_WALKS = 4096;
/** Moves of the first walks. */
const FIRST_WALKED = 1024;
const GROWTH = 2;
/** States that a search goes on for at least before it is asked whether it has to begin anew. */
const LEAST_PORTION = 1024;
/** Of the states expanded: how many more are expanded before it is asked whether the search has to begin anew, and moves of walks. */
const PORTION = 1 / 4;
const WALKED = 1 / 16;

/**
 * A search that begins anew when what it relied upon turns out to be false, with what was learned. It finds that out early: now and then,
 * and where it broke off, the machine walks at random from states of the search, which costs little and goes ahead of it.
 */
export class LearningSearch {
  readonly #start: () => Search;
  readonly #walks: SharingWalks | undefined;
  #search: Search;
  #nextWalks = FIRST_WALKS;
  /** What a search has found that began anew to find all of it. */
  #found: Exploration | undefined;

  /** `start` makes a search from the initial state that knows all that has been learned. */
  constructor(start: () => Search, walks: SharingWalks | undefined) {
    this.#start = start;
    this.#walks = walks;
    walks?.fromInitial();
    this.#search = start();
  }

  /** Expands up to so many more states; true when nothing is left to do. */
  advance(states: number): boolean {
    for (let left = states; left > 0; ) {
      const portion = Math.min(left, this.#nextWalks - this.#expanded, this.#portion);
      if (this.#search.advance(portion) && !this.#search.isBroken) return true;
      left -= portion;
      if (this.#search.isBroken || this.#expanded === this.#nextWalks) this.#learn();
    }
    return false;
  }

  progress(): SearchProgress {
    return this.#search.progress();
  }

  /** What has been seen so far. A search that could still advance is incomplete; what one before it has found is true all the same. */
  report(): Exploration {
    const report = this.#search.report();
    if (this.#found === undefined || report.violations.length > 0) return report;
    return { ...report, verdict: 'violated', violations: this.#found.violations };
  }

  /** What breaks a search late lies where other things are met for the first time: it goes on for a while and learns them too. */
  get #portion(): number {
    return Math.max(LEAST_PORTION, Math.floor(this.#expanded * PORTION));
  }

  get #expanded(): number {
    const { states, frontier } = this.#search.progress();
    return states - frontier;
  }

  #learn(): void {
    if (this.#expanded === this.#nextWalks) this.#nextWalks *= GROWTH;
    if (this.#search.isOnlyViolated) this.#found = this.#search.report();
    this.#walks?.from(this.#search.visited, Math.max(FIRST_WALKED, Math.floor(this.#expanded * WALKED)));
    if (this.#search.isBroken) this.#search = this.#start();
  }
}
