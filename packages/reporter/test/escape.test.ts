import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownText, terminalText } from '@shootdown/reporter';

describe('terminalText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'link'],
    ['a\rb\nc', 'a\\u000db\\u000ac'],
    ['\u009b2Jx', 'x'],
    ['abc\u202edef', 'abc\\u202edef'],
    ['µ − ü 漢', 'µ − ü 漢'],
  ])('turns %j into %j', (raw, shown) => {
    expect(terminalText(raw)).toBe(shown);
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (raw) => {
        expect(terminalText(raw)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
      { seed: 1 },
    );
  });
});

describe('markdownText', () => {
  it.each([
    ['a|b', 'a\\|b'],
    ['<script>&', '&lt;script&gt;&amp;'],
    ['[x](javascript:y)', '\\[x\\](javascript:y)'],
    ['n_threads _em_', 'n_threads \\_em\\_'],
    ['# head', '\\# head'],
    ['a\nb', 'a\\\\u000ab'],
  ])('turns %j into %j', (raw, shown) => {
    expect(markdownText(raw)).toBe(shown);
  });

  it('leaves no bare bar and no bare angle bracket', () => {
    fc.assert(
      fc.property(fc.string(), (raw) => {
        const shown = markdownText(raw).replace(/\\\\/g, '');
        expect(shown).not.toMatch(/(?<!\\)\||[<>]/);
      }),
      { seed: 2 },
    );
  });
});
