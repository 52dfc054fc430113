import schema from './litmus-1.schema.json' with { type: 'json' };

/** JSON Schema (2020-12) of a file of litmus tests, version 1. Instructions are checked when a test is run. */
export const litmusSchema: object = schema;
