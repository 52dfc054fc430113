export type { Latr, LatrOptions, LatrStep, LatrSteps } from './latr.js';
export { latrSteps } from './steps.js';
export { latr, latr as default, latrWith } from './strategy.js';
