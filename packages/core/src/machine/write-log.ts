/** Words that one log names; more are told as `isComplete` being false. */
const MOST_WORDS = 64;

/** The memory words written since it was last cleared: what a driver that stores states has to look at. A word may be named twice. */
export class WriteLog {
  readonly words: Int32Array = new Int32Array(MOST_WORDS);
  count = 0;

  /** It names every word that was written. */
  get isComplete(): boolean {
    return this.count <= MOST_WORDS;
  }

  add(word: number): void {
    if (this.count < MOST_WORDS) this.words[this.count++] = word;
    else this.count = MOST_WORDS + 1;
  }

  clear(): void {
    this.count = 0;
  }
}
