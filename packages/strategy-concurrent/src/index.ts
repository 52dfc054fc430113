export { type Concurrent, type ConcurrentStep, type ConcurrentSteps, concurrentSteps } from './steps.js';
export { concurrent, concurrent as default, concurrentWith } from './strategy.js';
