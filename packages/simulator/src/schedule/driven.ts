import type { Machine } from '@shootdown/core';
import type { Arrivals } from './arrivals.js';
import type { MoveTiming } from './move-timing.js';
import type { ScheduleClock } from './schedule-clock.js';

/** A schedule after its last move. */
export interface Driven {
  readonly machine: Machine;
  readonly clock: ScheduleClock;
  readonly timing: MoveTiming;
  readonly arrivals: Arrivals;
}
