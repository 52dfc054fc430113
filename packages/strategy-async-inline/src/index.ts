export {
  type AsyncInline,
  type AsyncInlineOptions,
  type AsyncInlineStep,
  type AsyncInlineSteps,
  asyncInlineSteps,
} from './steps.js';
export { asyncInline, asyncInline as default, asyncInlineWith } from './strategy.js';
