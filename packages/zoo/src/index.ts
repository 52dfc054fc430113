export { buggyIn, defaultCells } from './default-cells.js';
export { entries } from './entries.js';
export { type Entry, type SeamEntry, type SeparateEntry, type Variant, VARIANTS } from './entry.js';
export { type Expectation, expectations } from './expectations.js';
export { diffOf, foundByDefault } from './findings.js';
export { type ZooRow, zooRow } from './row.js';
export {
  cellOfVariant,
  type Observation,
  type RunningVariant,
  type RunOptions,
  runVariant,
  startVariant,
} from './run-entry.js';
export { smallerCells } from './smaller-cells.js';
export { unexpressed } from './unexpressed.js';
export { zooSchema } from './zoo-schema.js';
