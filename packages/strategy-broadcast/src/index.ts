export type { Broadcast, BroadcastOptions, BroadcastStep, BroadcastSteps } from './broadcast.js';
export { broadcastSteps } from './steps.js';
export { broadcast, broadcast as default, broadcastWith } from './strategy.js';
