export { type Scoreboard, type ScoreboardStep, type ScoreboardSteps, scoreboardSteps } from './steps.js';
export { scoreboard, scoreboard as default, scoreboardWith } from './strategy.js';
