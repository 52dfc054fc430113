export { type Sync, type SyncStep, type SyncSteps, syncSteps } from './steps.js';
export { sync, sync as default, syncWith } from './strategy.js';
