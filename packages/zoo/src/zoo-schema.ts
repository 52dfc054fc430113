import schema from './zoo-1.schema.json' with { type: 'json' };

/** JSON Schema (2020-12) of the document of `shootdown zoo`, version 1. */
export const zooSchema: object = schema;
