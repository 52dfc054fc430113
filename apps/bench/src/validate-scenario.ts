import { type DocumentValidator, documentValidator } from '@shootdown/host';
import { type Scenario, scenarioProblems, scenarioSchema } from '@shootdown/scenarios';

/**
 * Checks that a parsed JSON value is a scenario: first its schema, then the rules a schema cannot state. The answer is a
 * frozen copy with the schema's defaults filled in.
 * @throws ShootdownError INVALID_SCENARIO with every problem found
 */
export const validateScenario: DocumentValidator<Scenario> = documentValidator({
  noun: 'scenario',
  whole: 'the scenario',
  code: 'INVALID_SCENARIO',
  schema: scenarioSchema,
  problems: scenarioProblems,
});
