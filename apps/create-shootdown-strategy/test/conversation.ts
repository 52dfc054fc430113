import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A question that is waited for, and the keys that are pressed then. */
export type Reply = readonly [question: string, keys: string];

export const KEYS = {
  enter: '\r',
  down: '\u001b[B',
  escape: '\u001b',
  interrupt: '\u0003',
  endOfInput: '\u0004',
  clear: '\u0015',
} as const;

/**
 * Somebody who presses keys when a question is shown: `hear` takes what is shown. A question counts as often as it is shown, from the last reply on.
 */
export class Person {
  readonly #replies: Reply[];
  readonly #press: (keys: string) => void;
  #heard = '';

  constructor(replies: readonly Reply[], press: (keys: string) => void) {
    this.#replies = [...replies];
    this.#press = press;
  }

  hear(text: string): void {
    this.#heard += text;
    const [next] = this.#replies;
    if (next === undefined || !stripVTControlCharacters(this.#heard).includes(next[0])) return;
    this.#replies.shift();
    this.#heard = '';
    this.#press(next[1]);
  }
}

interface Conversation {
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  /** What the command has written, without escape sequences. */
  readonly written: () => string;
}

/** Streams between a command and a person who gives these replies. */
export function conversation(replies: readonly Reply[]): Conversation {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const texts: string[] = [];
  const person = new Person(replies, (keys) => setImmediate(() => stdin.write(keys)));
  stdout.on('data', (chunk: Buffer) => {
    texts.push(chunk.toString('utf8'));
    person.hear(chunk.toString('utf8'));
  });
  return { stdin, stdout, written: () => stripVTControlCharacters(texts.join('')) };
}
