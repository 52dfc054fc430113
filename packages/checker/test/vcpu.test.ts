import { describe, expect, it } from 'vitest';
import { exploreGuest, found, plainStore } from './guest.js';

describe('a virtual CPU that the host takes away', () => {
  it('is flushed by the host before it runs again when record_steal_time takes the flags at once', () => {
    const exploration = exploreGuest();
    expect([exploration.verdict, exploration.isComplete, found(exploration)]).toEqual(['clean', true, []]);
  }, 60_000);

  it('runs on with a revoked translation when the flags are overwritten with a plain store (CVE-2019-3016)', () => {
    expect(found(exploreGuest(plainStore))).toContain('C1 exposed');
  }, 60_000);

  it('is not reached by the plain store unless it is ever away', () => {
    expect(found(exploreGuest(plainStore, 0))).toEqual([]);
  }, 60_000);
});
