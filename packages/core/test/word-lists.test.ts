import { describe, expect, it } from 'vitest';
import { Memory, WordLists } from '../src/index.js';

describe('word lists', () => {
  const words = new Memory().records('x', ['value'], 3);
  const [first, second, third] = [0, 1, 2].map((index) => words.value(index));

  it('gives equal lists one number, whichever array holds them', () => {
    const lists = new WordLists();
    const shared = [first!, second!];
    expect(lists.intern(shared)).toBe(lists.intern(shared));
    expect(lists.intern([first!, second!])).toBe(lists.intern(shared));
    expect(lists.intern([second!, first!])).not.toBe(lists.intern(shared));
    expect(lists.list(lists.intern([third!]))).toEqual([third]);
  });
  it('refuses what is no word', () => {
    const list = [first!, words.value as never];
    expect(() => new WordLists().intern(list)).toThrow(expect.objectContaining({ code: 'INVALID_OPERAND' }));
  });
  it('refuses an empty list', () => {
    expect(() => new WordLists().intern([])).toThrow(expect.objectContaining({ code: 'INVALID_OPERAND' }));
  });
});
