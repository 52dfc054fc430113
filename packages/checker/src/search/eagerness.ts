import type { EagerMoves } from '../reduction/eager-moves.js';
import type { Futures } from '../reduction/futures.js';
import type { Sharing } from '../reduction/sharing.js';

/** Who touches what, and the moves that need not wait. */
export interface Eagerness {
  readonly sharing: Sharing;
  readonly futures: Futures;
  readonly moves: EagerMoves;
}

/** How often something that was relied upon has turned out to be false. */
export function breaksOf(eagerness: Eagerness | undefined): number {
  return eagerness === undefined ? 0 : eagerness.sharing.breaks + eagerness.futures.breaks;
}
