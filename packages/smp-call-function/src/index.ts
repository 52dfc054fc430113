export { CallFunction, type CallFunctionOptions, type CalledFunction } from './call-function.js';
export type { CallFunctionCosts } from './costs.js';
export { Csds } from './csd.js';
export { BASE_CALL_FUNCTION_LAYOUT, type CallFunctionLayout, CsdFlag, INLINE_WORDS } from './layout.js';
export { type CallFunctionPrograms, callFunctionPrograms, type CallFunctionRefs } from './programs.js';
export { type CallFunctionStep, type CallFunctionSteps, callFunctionSteps } from './steps.js';
export { writeMask } from './write-mask.js';
