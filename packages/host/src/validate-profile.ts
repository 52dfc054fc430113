import { type MachineProfile, machineProfileSchema, profileProblems, ShootdownError } from '@shootdown/core';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, discriminator: true });
const matchesSchema = ajv.compile<MachineProfile>(machineProfileSchema);

/**
 * Checks that a parsed JSON value is a machine profile: first its schema, then the rules a schema cannot state.
 * `place` is where the value came from, for the message: a file name or `built-in`.
 * @throws ShootdownError INVALID_PROFILE with every problem found, each naming the place inside the profile.
 */
export function validateProfile(value: unknown, place: string): MachineProfile {
  if (!matchesSchema(value)) throw refusal(place, (matchesSchema.errors ?? []).map(describe));
  const problems = profileProblems(value);
  if (problems.length > 0) throw refusal(place, problems);
  return value;
}

function refusal(place: string, problems: readonly string[]): ShootdownError {
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  return new ShootdownError('INVALID_PROFILE', `${place} is no machine profile; correct these places:\n${lines}`, {
    details: { place, problems },
  });
}

/** One schema error as a line: where, what, and the offending or missing name. */
function describe({ instancePath, message, params }: ErrorObject): string {
  const where = instancePath === '' ? 'the profile' : instancePath.slice(1).replaceAll('/', '.');
  return `${where} ${message ?? 'is invalid'}${hint(params)}`;
}

function hint(params: Readonly<Record<string, unknown>>): string {
  if (typeof params['additionalProperty'] === 'string') return `: ${params['additionalProperty']}`;
  if (Array.isArray(params['allowedValues'])) return `: ${params['allowedValues'].join(', ')}`;
  if ('allowedValue' in params) return `: ${String(params['allowedValue'])}`;
  return '';
}
