export { type Message, type MessageStep, type MessageSteps, messageSteps } from './steps.js';
export { message, message as default, messageWith } from './strategy.js';
