/** Something that moves rely upon never to happen, until it does. */
export class Never {
  #hasHappened = false;
  #isRelied = false;

  /** It had not happened when that was asked first, which is relied upon from then on: the answer stays the same until the new start. */
  rely(): boolean {
    this.#isRelied ||= !this.#hasHappened;
    return this.#isRelied;
  }

  /** What was relied upon is false. */
  get isBroken(): boolean {
    return this.#isRelied && this.#hasHappened;
  }

  /** It happens; true when that is new and some move has relied on the contrary. */
  happens(): boolean {
    const isNew = !this.#hasHappened;
    this.#hasHappened = true;
    return isNew && this.#isRelied;
  }

  /** Nothing relies on it any more. What has happened stays known. */
  restart(): void {
    this.#isRelied = false;
  }
}
