export { entries } from './entries.js';
export { type Entry, type SeamEntry, type SeparateEntry, type Variant, VARIANTS } from './entry.js';
export { type Expectation, expectations } from './expectations.js';
export {
  cellOfVariant,
  type Observation,
  type RunningVariant,
  type RunOptions,
  runVariant,
  startVariant,
} from './run-entry.js';
