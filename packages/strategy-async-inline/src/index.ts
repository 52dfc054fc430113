export { asyncInline, asyncInline as default } from './strategy.js';
