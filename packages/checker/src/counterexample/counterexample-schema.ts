import schema from './counterexample-1.schema.json' with { type: 'json' };

/** JSON Schema (2020-12) of a saved counterexample, version 1. */
export const counterexampleSchema: object = schema;
