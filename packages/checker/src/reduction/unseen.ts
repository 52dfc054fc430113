import type { Machine } from '@shootdown/core';
import type { Ahead } from './ahead.js';
import type { Commuting } from './commuting.js';
import type { EagerRules } from './eager-rules.js';
import type { Futures } from './futures.js';
import type { OwnInvalidations } from './own-invalidations.js';
import type { Sharing } from './sharing.js';
import type { Surroundings } from './surroundings.js';

/** What nobody can tell from what is done later: what it is found out by. */
export abstract class Unseen {
  protected readonly machine: Machine;
  protected readonly sharing: Sharing;
  protected readonly futures: Futures;
  protected readonly invalidations: OwnInvalidations;
  protected readonly surroundings: Surroundings;
  protected readonly ahead: Ahead;
  protected readonly rules: EagerRules;

  constructor({ machine, sharing, futures, invalidations, surroundings }: Commuting, ahead: Ahead, rules: EagerRules) {
    this.machine = machine;
    this.sharing = sharing;
    this.futures = futures;
    this.invalidations = invalidations;
    this.surroundings = surroundings;
    this.ahead = ahead;
    this.rules = rules;
  }

  /**
   * Others may move while the CPU is in user mode instead of in a handler, or the other way round. In user mode it is judged at once, so
   * what violates something does so in either order, or earlier, and what does not leads to the same.
   */
  relyOnCleanness(): boolean {
    return this.rules.cleanFirst && this.sharing.relyOnCleanness();
  }
}
