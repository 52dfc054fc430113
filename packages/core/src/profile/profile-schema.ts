import schema from './machine-profile-1.schema.json' with { type: 'json' };

/** JSON Schema (2020-12, with the `discriminator` keyword) of a machine profile, version 1. `profileProblems` checks what it cannot say. */
export const machineProfileSchema: object = schema;
