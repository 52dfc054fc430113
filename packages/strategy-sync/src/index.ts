export { sync, sync as default } from './strategy.js';
