import { ShootdownError } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { errorData, errorOf } from '../../src/sandbox/error-data.js';

const carried = (error: unknown): Error => errorOf(structuredClone(errorData(error)));

describe('an error that crosses a border of threads', () => {
  it('stays coded, with its message, details and stack', () => {
    const error = new ShootdownError('PLUGIN_THREW', 'no', { details: { hook: 'create' }, cause: new Error('why') });
    const other = carried(error);
    expect(other).toBeInstanceOf(ShootdownError);
    expect(other).toMatchObject({ code: 'PLUGIN_THREW', message: 'no', details: { hook: 'create' }, exitCode: 3 });
    expect(other.stack).toBe(error.stack);
  });

  it.each([
    ['an error of nobody', new RangeError('far'), 'far'],
    ['a text', 'far', 'far'],
  ])('stays %s', (_what, error, message) => {
    expect(carried(error)).not.toBeInstanceOf(ShootdownError);
    expect(carried(error).message).toBe(message);
  });
});
