/** Something that moves rely upon never to happen, until it does. */
export class Never {
  #hasHappened = false;
  #isRelied = false;

  /** It has not happened, which is relied upon from here on. */
  rely(): boolean {
    this.#isRelied ||= !this.#hasHappened;
    return !this.#hasHappened;
  }

  /** It happens; true when some move has relied on the contrary. */
  happens(): boolean {
    this.#hasHappened = true;
    return this.#isRelied;
  }

  /** Nothing relies on it any more. What has happened stays known. */
  restart(): void {
    this.#isRelied = false;
  }
}
