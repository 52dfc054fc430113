import { expect, it } from 'vitest';
import { exploreGuest, found, plainStore } from './guest.js';

it('a virtual CPU that the host takes away is told the same without reductions', () => {
  expect(found(exploreGuest({}, 2, []))).toEqual([]);
  expect(found(exploreGuest(plainStore, 2, []))).toEqual(found(exploreGuest(plainStore)));
}, 60_000);
