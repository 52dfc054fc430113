export { default } from '../../packages/plugin/test/skeletons/one-by-one.js';
