import { stripVTControlCharacters } from 'node:util';

/** C0 and C1 controls, and the marks that reorder or hide text on a screen. */
const UNPRINTABLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Text of unknown origin as one line that a terminal shows and does not obey: escape sequences are dropped,
 * other control characters are shown by their number.
 */
export function terminalText(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLE, byNumber);
}

function byNumber(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text of unknown origin as one line of Markdown that stays text: no HTML, no markup, no link, no table cell of its own. */
export function markdownText(text: string): string {
  return terminalText(text)
    .replace(/[\\`*[\]|~!]/g, '\\$&')
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, '\\_')
    .replace(/[&<>]/g, (character) => HTML[character] ?? character)
    .replace(/^(\s*)([#+-]|\d+[.)])(?=\s)/, '$1\\$2');
}
