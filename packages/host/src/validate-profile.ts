import { type MachineProfile, machineProfileSchema, profileProblems } from '@shootdown/core';
import { type DocumentValidator, documentValidator } from './schema/document-validator.js';

/**
 * Checks that a parsed JSON value is a machine profile: first its schema, then the rules a schema cannot state.
 * @throws ShootdownError INVALID_PROFILE with every problem found.
 */
export const validateProfile: DocumentValidator<MachineProfile> = documentValidator({
  noun: 'machine profile',
  whole: 'the profile',
  code: 'INVALID_PROFILE',
  schema: machineProfileSchema,
  problems: profileProblems,
});
