import schema from './scenario-1.schema.json' with { type: 'json' };

/** JSON Schema (2020-12) of a scenario, version 1, with its defaults. `scenarioProblems` checks what it cannot say. */
export const scenarioSchema: object = schema;
