export { concurrent, concurrent as default } from './strategy.js';
