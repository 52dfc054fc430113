import { Owner as coreOwner } from '@shootdown/core';
import * as mm from '@shootdown/mm';
import { ALL_PAGES, ANY_MM, INIT_MM, Owner } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';

describe('constants that this package repeats, having no runtime dependency', () => {
  it('agree with the machine', () => {
    expect(Owner).toEqual(coreOwner);
  });

  it('agree with memory management', () => {
    expect({ ALL_PAGES, ANY_MM, INIT_MM }).toEqual({ ALL_PAGES: mm.ALL_PAGES, ANY_MM: mm.ANY_MM, INIT_MM: mm.INIT_MM });
  });
});
