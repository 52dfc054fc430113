import type { Machine } from '@shootdown/core';
import type { Futures } from './futures.js';
import type { OwnInvalidations } from './own-invalidations.js';
import type { Sharing } from './sharing.js';
import type { Surroundings } from './surroundings.js';

/** What tells whether moves commute. */
export interface Commuting {
  readonly machine: Machine;
  readonly sharing: Sharing;
  readonly futures: Futures;
  readonly invalidations: OwnInvalidations;
  readonly surroundings: Surroundings;
}
