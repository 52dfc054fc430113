import { Owner as coreOwner } from '@shootdown/core';
import * as mm from '@shootdown/mm';
import { ALL_PAGES, ANY_MM, INIT_MM, Owner, SWITCHING } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';

describe('constants that this package repeats, having no runtime dependency', () => {
  it('agree with the machine', () => {
    expect(Owner).toEqual(coreOwner);
  });

  it('agree with memory management', () => {
    const own = { ALL_PAGES, ANY_MM, INIT_MM, SWITCHING };
    expect(mm).toMatchObject(own);
  });
});
