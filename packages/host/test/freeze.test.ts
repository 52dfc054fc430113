import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../src/freeze.js';

describe('deepFreeze', () => {
  it('reaches through objects and arrays, also through what was frozen before', () => {
    const inner = { pages: 1 };
    const value = deepFreeze(Object.freeze({ list: [inner] }));
    expect(Object.isFrozen(value.list)).toBe(true);
    expect(Object.isFrozen(inner)).toBe(true);
  });

  it('ends at cycles', () => {
    const value: { self?: unknown } = {};
    value.self = value;
    expect(Object.isFrozen(deepFreeze(value))).toBe(true);
  });

  it('leaves instances, typed arrays and other values alone', () => {
    const values = { map: new Map([[1, 2]]), words: new Int32Array(2), nothing: null, text: 'x' };
    deepFreeze(values);
    values.map.set(1, 3);
    values.words[0] = 7;
    expect([values.map.get(1), values.words[0]]).toEqual([3, 7]);
    expect(Object.isFrozen(values)).toBe(true);
  });
});
