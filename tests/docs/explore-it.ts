import type { Exploration } from '@shootdown/checker';
import { exploreMadvise } from './explore-cell.js';
import strategy from './one-by-one.js';

/** `verdict`, `states`, and of each violation a shortest `trace`. */
export const exploration: Exploration = exploreMadvise(strategy, {});
