import { resolveOptions } from '@shootdown/host';
import { describe, expect, it } from 'vitest';
import { plain, refusal } from './fixture.js';

describe('resolveOptions', () => {
  it('fills in the defaults of the schema', () => {
    expect(resolveOptions(plain, {})).toEqual({ ack: 'early', retries: 3, lists: { pages: 4 } });
    expect(resolveOptions(plain, { retries: 0 })).toEqual({ ack: 'early', retries: 0, lists: { pages: 4 } });
  });

  it('answers a copy that is frozen through and through', () => {
    const given = { lists: {} };
    const resolved = resolveOptions(plain, given);
    expect(given).toEqual({ lists: {} });
    expect(Object.isFrozen(given)).toBe(false);
    expect(Object.isFrozen(resolved)).toBe(true);
    expect(Object.isFrozen(resolved['lists'])).toBe(true);
    expect(resolveOptions(plain, {})['lists']).not.toBe(resolveOptions(plain, {})['lists']);
  });

  it('lists every error with its path and what would be right', () => {
    const error = refusal(() => resolveOptions(plain, { ack: 'never', retries: -1, lists: { page: 1 }, akc: 1 }));
    expect(error.code).toBe('INVALID_OPTIONS');
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(/^Strategy 'plain' is refused; correct these places:\n/);
    expect(error.details['problems']).toEqual([
      'the options must NOT have additional properties: akc. Did you mean ack?',
      'ack must be equal to one of the allowed values: early, late',
      'retries must be >= 0',
      'lists must NOT have additional properties: page. Did you mean pages?',
    ]);
  });

  it.each([[null], [[]], ['early'], [undefined]])('refuses %j as a whole', (options) => {
    expect(refusal(() => resolveOptions(plain, options)).details['problems']).toEqual(['the options must be object']);
  });

  it('refuses what is no data', () => {
    const error = refusal(() => resolveOptions(plain, { ack: () => 'early' }));
    expect(error.code).toBe('INVALID_OPTIONS');
    expect(error.message).toMatch(/the options must be JSON data/);
  });
});
