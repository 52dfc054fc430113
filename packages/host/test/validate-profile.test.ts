import {
  machineProfile,
  machineProfileSchema,
  machineProfiles,
  PARAMETER_MEANINGS,
  PARAMETER_NAMES,
  ShootdownError,
} from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { validateProfile } from '../src/validate-profile.js';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** A deep copy of the haswell profile with one place replaced, or removed when `value` is undefined. */
function haswellWith(path: string, value: unknown): unknown {
  const copy: unknown = structuredClone(machineProfile('haswell'));
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at: unknown = copy;
  for (const step of steps) at = isObject(at) ? at[step] : undefined;
  if (!isObject(at)) throw new Error(`no such place: ${path}`);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function problemsOf(value: unknown): string {
  try {
    validateProfile(value, 'mine.json');
  } catch (error) {
    if (error instanceof ShootdownError && error.code === 'INVALID_PROFILE') return error.message;
    throw error;
  }
  return 'none';
}

describe('validateProfile', () => {
  it.each(machineProfiles.map((profile) => ({ profile, name: profile.name })))(
    'accepts the built-in $name',
    ({ profile }) => {
      const checked = validateProfile(profile, 'built-in');
      expect(checked).toEqual(profile);
      expect(Object.isFrozen(checked.parameters.clockMhz)).toBe(true);
    },
  );

  it.each([
    ['schemaVersion', 2, /schemaVersion must be equal to constant: 1/],
    ['name', 'My Machine', /name must match pattern/],
    ['topology', undefined, /must have required property 'topology'/],
    ['topology.sockets', 0, /topology\.sockets must be >= 1/],
    [
      'features.apic',
      'x3apic',
      /features\.apic must be equal to one of the allowed values: xapic-flat, x2apic-cluster, x2apic-physical/,
    ],
    ['parameters.invlpgCycles', undefined, /parameters must have required property 'invlpgCycles'/],
    ['parameters.invlpgCycles.value', '216', /parameters\.invlpgCycles\.value must be number/],
    ['parameters.invlpgCycles.low', -1, /parameters\.invlpgCycles\.low must be >= 0/],
    ['parameters.invlpgCycles.source', undefined, /parameters\.invlpgCycles must have required property 'source'/],
    ['parameters.invlpgCycles.status', 'guessed', /parameters\.invlpgCycles value of tag "status" must be in oneOf/],
    ['parameters.eoiCycles.note', undefined, /parameters\.eoiCycles must have required property 'note'/],
    [
      'parameters.madviseWorkCycles.prior',
      undefined,
      /parameters\.madviseWorkCycles must have required property 'prior'/,
    ],
    ['parameters.clockMhz.low', 0, /parameters\.clockMhz\.low must be > 0/],
    ['parameters.warpCycles', {}, /parameters must NOT have additional properties: warpCycles/],
  ])('refuses %s = %j by the schema', (path, value, message) => {
    expect(problemsOf(haswellWith(path, value))).toMatch(message);
  });

  it.each([
    ['parameters.invlpgCycles.value', 900, /parameters\.invlpgCycles\.value 900 lies outside its range/],
    ['parameters.readFraction.high', 2, /a fraction is at most 1/],
    ['parameters.eoiCycles.unit', 'ns', /its name says cycles/],
    ['topology.coresPerComplex', 9, /xapic-flat, which addresses at most 8/],
    ['tlb.l1Ways', 5, /tlb\.l1Entries must be a multiple/],
  ])('refuses %s = %j by a rule', (path, value, message) => {
    expect(problemsOf(haswellWith(path, value))).toMatch(message);
  });

  it('names the file and every problem at once', () => {
    const message = problemsOf({});
    expect(message).toMatch(/^mine\.json is no machine profile/);
    expect(message.split('\n').length).toBeGreaterThan(5);
  });

  it.each([null, 3, 'haswell', []])('refuses %j', (value) => {
    expect(problemsOf(value)).toMatch(/the profile must be object/);
  });
});

describe('the schema of machine profiles', () => {
  it('knows every parameter by the name and the meaning that the code gives it', () => {
    const { properties } = machineProfileSchema as {
      properties: { parameters: { required: string[]; properties: Record<string, { description: string }> } };
    };
    const { parameters } = properties;
    expect(parameters.required).toEqual(PARAMETER_NAMES);
    expect(
      Object.fromEntries(Object.entries(parameters.properties).map(([name, { description }]) => [name, description])),
    ).toEqual(PARAMETER_MEANINGS);
  });
});
