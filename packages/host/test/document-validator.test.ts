import { type ErrorCode, ShootdownError } from '@shootdown/core';
import { documentValidator } from '@shootdown/host';
import { describe, expect, it } from 'vitest';

interface Cake {
  readonly layers: number;
  readonly cream?: { readonly flavour: string };
}

const validateCake = documentValidator<Cake>({
  noun: 'birthday cake',
  whole: 'the cake',
  code: 'INVALID_SCENARIO',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['layers'],
    properties: {
      layers: { type: 'integer', minimum: 1 },
      cream: {
        type: 'object',
        additionalProperties: false,
        properties: { flavour: { enum: ['vanilla', 'cocoa'], default: 'vanilla' } },
      },
    },
  },
  problems: ({ layers }) => (layers > 9 ? [`layers is ${layers}; it would fall over.`] : []),
});

function refusal(value: unknown): { code: ErrorCode; problems: unknown; message: string } {
  try {
    validateCake(value, 'cake.json');
  } catch (error) {
    if (error instanceof ShootdownError)
      return { code: error.code, problems: error.details['problems'], message: error.message };
    throw error;
  }
  throw new Error('the value was accepted');
}

describe('documentValidator', () => {
  it('answers a frozen copy with the defaults filled in and leaves the value alone', () => {
    const value = { layers: 2, cream: {} };
    const checked = validateCake(value, 'cake.json');
    expect(checked).toEqual({ layers: 2, cream: { flavour: 'vanilla' } });
    expect(value).toEqual({ layers: 2, cream: {} });
    expect(Object.isFrozen(checked)).toBe(true);
    expect(Object.isFrozen(checked.cream)).toBe(true);
  });

  it('lists every error with its place and what would be right', () => {
    const { code, problems, message } = refusal({ layers: 0, cream: { flavour: 'fish', flavor: 1 } });
    expect(code).toBe('INVALID_SCENARIO');
    expect(message).toMatch(/^cake\.json is no birthday cake; correct these places:\n {2}/);
    expect(problems).toEqual([
      'layers must be >= 1',
      'cream must NOT have additional properties: flavor. Did you mean flavour?',
      'cream.flavour must be equal to one of the allowed values: vanilla, cocoa',
    ]);
  });

  it('asks the rules only when the schema is satisfied', () => {
    expect(refusal({ layers: 10 }).problems).toEqual(['layers is 10; it would fall over.']);
  });

  it.each([[null], ['cake'], [undefined], [[]]])('calls a value that is no object %j by name', (value) => {
    expect(refusal(value).problems).toEqual(['the cake must be object']);
  });

  it('refuses what is no data', () => {
    expect(refusal({ layers: () => 2 }).problems).toEqual([expect.stringMatching(/^the cake must be JSON data: /)]);
  });
});
