import { suggestion } from '@shootdown/host';
import { describe, expect, it } from 'vitest';

describe('suggestion', () => {
  it.each([
    ['async-inlien', ['sync', 'async-inline'], ' Did you mean async-inline?'],
    ['snyc', ['sync', 'async-inline'], ' Did you mean sync?'],
    ['broadcast', ['sync', 'async-inline'], ' Known: sync, async-inline.'],
    // Three edits turn any three letters into any others: that is no likeness.
    ['abc', ['xyz'], ' Known: xyz.'],
    ['sync', [], ''],
  ])('for %s among %j', (name, known, text) => {
    expect(suggestion(name, known)).toBe(text);
  });
});
