import { ShootdownError } from '../errors.js';
import type { Word } from './op.js';

/** Interned word lists of `waitAny`, so that the op carries one integer. Lists of equal words have one number, whichever array holds them. */
export class WordLists {
  readonly #ids = new WeakMap<readonly Word[], number>();
  readonly #idsByWords = new Map<string, number>();
  readonly #lists: (readonly Word[])[] = [];

  /** The id of a list; the array must not change afterwards. */
  intern(words: readonly Word[]): number {
    const known = this.#ids.get(words);
    if (known !== undefined) return known;
    if (words.length === 0) throw new ShootdownError('INVALID_OPERAND', 'waitAny needs at least one word.');
    const key = words.join();
    const id = this.#idsByWords.get(key) ?? this.#add(key, words);
    this.#ids.set(words, id);
    return id;
  }

  #add(key: string, words: readonly Word[]): number {
    if (!words.every(Number.isInteger))
      throw new ShootdownError(
        'INVALID_OPERAND',
        'waitAny was given what is no word. The word of a record is told by its index: records.field(index).',
      );
    this.#lists.push(Object.freeze([...words]));
    this.#idsByWords.set(key, this.#lists.length - 1);
    return this.#lists.length - 1;
  }

  list(id: number): readonly Word[] {
    const words = this.#lists[id];
    if (words === undefined) throw new ShootdownError('INTERNAL', `No word list ${id}.`);
    return words;
  }
}
