import { ShootdownError } from '../errors.js';
import type { Word } from './op.js';

/** Interned word lists of `waitAny`, so that the op carries one integer. A list is identified by its array object. */
export class WordLists {
  readonly #ids = new Map<readonly Word[], number>();
  readonly #lists: (readonly Word[])[] = [];

  /** The id of a list; the array must not change afterwards. */
  intern(words: readonly Word[]): number {
    const known = this.#ids.get(words);
    if (known !== undefined) return known;
    if (words.length === 0) throw new ShootdownError('INVALID_OPERAND', 'waitAny needs at least one word.');
    const id = this.#lists.length;
    this.#lists.push(Object.freeze([...words]));
    this.#ids.set(words, id);
    return id;
  }

  list(id: number): readonly Word[] {
    const words = this.#lists[id];
    if (words === undefined) throw new ShootdownError('INTERNAL', `No word list ${id}.`);
    return words;
  }
}
