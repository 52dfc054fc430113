export { defaultAssumptions } from './default-assumptions.js';
export type {
  Assumptions,
  BystanderActivity,
  ExploredBounds,
  Scenario,
  ScenarioOperation,
  ScenarioTouch,
  TimedBounds,
} from './scenario.js';
export { scenarioProblems } from './scenario-problems.js';
export { scenarioSchema } from './scenario-schema.js';
export { findScenario, scenarios } from './scenarios.js';
