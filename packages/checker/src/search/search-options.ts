import type { Machine } from '@shootdown/core';
import type { Surroundings } from '../reduction/surroundings.js';
import type { ActionPolicy } from './action-policy.js';
import type { Eagerness } from './eagerness.js';

/** What a search is asked to do. */
export interface SearchOptions {
  readonly actions: ActionPolicy;
  readonly maxStates: number;
  readonly maxBytes: number;
  /** Asked now and then; true ends the search as inconclusive. */
  readonly expired: () => boolean;
  readonly stopAtFirst: boolean;
  /** Violations, as `C1 exposed`, whose states are expanded all the same. */
  readonly expandBeyond: readonly string[];
  /** What of a terminal state the caller wants to tell apart. */
  readonly project: (machine: Machine) => string;
  /** Moves that are made at once because they commute with all others; undefined for none. */
  readonly eagerness: Eagerness | undefined;
  /** Names what moves look at. */
  readonly surroundings: Surroundings;
  /** Moves whose results are remembered at a time, instead of making them again; 0: none. */
  readonly rememberMoves: number;
  /** What is remembered is found out all the same, and compared. */
  readonly checkRemembered: boolean;
  /** Arrivals of IPIs and ticks are put off until they are taken. */
  readonly lateDelivery: boolean;
  /** What no other CPU notices is put off until the next move of its CPU that others could notice. */
  readonly lateMoves: boolean;
  /** NMIs that come to nothing are not gone on from. */
  readonly idleNmis: boolean;
}
