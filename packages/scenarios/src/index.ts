export {
  ASSUMPTION_NAMES,
  type AssumptionMeaning,
  type AssumptionName,
  ASSUMPTIONS,
  type Assumptions,
  assumptionText,
  assumptionValues,
  defaultAssumptions,
  parseAssumption,
} from './assumptions.js';
export type {
  BystanderActivity,
  ExploredBounds,
  Scenario,
  ScenarioAssumptions,
  ScenarioOperation,
  ScenarioTouch,
  TimedBounds,
} from './scenario.js';
export { scenarioAssumptions } from './scenario-assumptions.js';
export { scenarioProblems } from './scenario-problems.js';
export { scenarioSchema } from './scenario-schema.js';
export { findScenario, scenarios } from './scenarios.js';
