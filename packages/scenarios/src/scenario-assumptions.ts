import { defaultAssumptions } from './assumptions.js';
import type { ScenarioAssumptions } from './scenario.js';

const { icr: _profile, ...rest } = defaultAssumptions;

/** The environment of the built-in scenarios, and the defaults of the schema. */
export const scenarioAssumptions: ScenarioAssumptions = rest;
