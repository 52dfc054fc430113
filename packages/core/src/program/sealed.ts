/**
 * A value that a program passes on without looking at it: it stores it, hands it to another program, or asks how far two of them are apart.
 * So what the program does is known without the value (see `Seals`).
 */
export class Sealed {
  readonly #content: number;

  constructor(content: number) {
    this.#content = content;
  }

  /** Not for programs. */
  static contentOf(sealed: Sealed): number {
    return sealed.#content;
  }
}
